"""Images in a bucket, which boto3 fills and everybody may read."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from crowdlab.assets import CORS_RULE, S3Home
from crowdlab.errors import BadInput
from crowdlab.lab import Lab
from crowdlab.moto import marketplace, mock_aws
from tests.assets.conftest import Create, inputs
from tests.cli.conftest import Run, run

__all__ = ["run"]

BUCKET = "pets-of-ana"
PUBLIC = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "s3:GetObject",
    "Resource": f"arn:aws:s3:::{BUCKET}/photos/*",
}


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client of an S3 in which there is a bucket that nobody else may read."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "ana")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "sesame")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with mock_aws():
        client = boto3.client("s3", region_name="eu-west-1")
        client.create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        yield client


@pytest.fixture
def public(s3: Any) -> Any:
    """The same, where everybody may read what is below photos."""
    policy = json.dumps({"Version": "2012-10-17", "Statement": [PUBLIC]})
    s3.put_bucket_policy(Bucket=BUCKET, Policy=policy)
    return s3


def keys(s3: Any) -> list[str]:
    """The names of all objects in the bucket."""
    found = s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])
    return [each["Key"] for each in found]


def lab_on_s3(**more: Any) -> Lab:
    """A lab on the mocked sandbox, whose images go to the bucket."""
    given = {"endpoint": "sandbox", "assets": f"s3://{BUCKET}/photos"}
    return Lab(None, **{**given, **more})


def test_images_go_to_the_bucket(public: Any, create: Create, photos: Path) -> None:
    """Each photo is an object that says what it is, and the page has its address."""
    with lab_on_s3() as lab:
        create(lab)
        assert [] == keys(public)
        assert 3 == lab.publish("pets").created
        addresses = {task["images"][0] for task in inputs(lab)}

    start = f"https://{BUCKET}.s3.eu-west-1.amazonaws.com/"
    assert {f"{start}{key}" for key in keys(public)} == addresses
    bodies = set()
    for key in keys(public):
        assert len("photos/.jpg") + 32 == len(key)
        object_ = public.get_object(Bucket=BUCKET, Key=key)
        bodies.add(object_["Body"].read())
        assert "image/jpeg" == object_["ContentType"]
        assert "public, max-age=31536000, immutable" == object_["CacheControl"]
    assert {path.read_bytes() for path in photos.iterdir()} == bodies
    questions = [
        hit["Question"]
        for hit in marketplace(environment="sandbox").call("ListHITs", {})["HITs"]
    ]
    assert all(any(a in q for a in addresses) for q in questions)


def test_a_bucket_that_workers_cannot_read_is_told(
    s3: Any, create: Create, photos: Path
) -> None:
    """The first photo is looked at as a stranger; no HIT is made where that fails."""
    with lab_on_s3() as lab:
        create(lab, inputs=[{"images": [str(photos / "cat_1.jpg")]}])
        for _ in "twice":
            with pytest.raises(BadInput, match="may not read what is there") as refused:
                lab.publish("pets")
        assert 0 == lab.status("pets").published
        assert json.dumps(PUBLIC) in str(refused.value)
        assert 1 == len(keys(s3))

        policy = json.dumps({"Version": "2012-10-17", "Statement": [PUBLIC]})
        s3.put_bucket_policy(Bucket=BUCKET, Policy=policy)
        assert 1 == lab.publish("pets").created
    assert 1 == len(keys(s3))


def test_publishing_again_asks_nothing_of_s3(
    public: Any, create: Create, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once the photos are there, S3 is not needed any more."""
    with lab_on_s3() as lab:
        create(lab)
        lab.publish("pets")
        monkeypatch.setattr(S3Home, "_client", None)
        assert 3 == lab.publish("pets").already
    assert 3 == len(keys(public))


def test_a_cdn_has_its_own_address(s3: Any, create: Create) -> None:
    """With the address of a CDN the bucket may stay closed."""
    with lab_on_s3(assets_url="https://cdn.example.org/p/") as lab:
        create(lab)
        lab.publish("pets")
        names = {task["images"][0] for task in inputs(lab)}

    assert {
        f"https://cdn.example.org/p/{key.removeprefix('photos/')}" for key in keys(s3)
    } == names


@pytest.mark.parametrize(
    ("place", "complaint"),
    [
        ("s3://nobodys-bucket", "s3://nobodys-bucket: there is no such bucket"),
        ("s3://", "is no place for images; give a folder .*, s3://bucket/prefix, or"),
        ("ftp://example.org", "is no place for images"),
    ],
)
def test_a_bucket_that_is_not_there_is_told(
    s3: Any, create: Create, place: str, complaint: str
) -> None:
    """Before anything is published, and with the choices."""
    with pytest.raises(BadInput, match=complaint), lab_on_s3(assets=place) as lab:
        create(lab)
        lab.publish("pets")
    assert [] == keys(s3)


def test_without_credentials_it_is_told(
    create: Create, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whoever has no key of AWS hears that, rather than where botocore gave up."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    with (
        Lab(None, endpoint="memory", assets=f"s3://{BUCKET}") as lab,
        pytest.raises(BadInput, match=f"s3://{BUCKET}: Unable to locate credentials"),
    ):
        create(lab)
        lab.publish("pets")


def test_the_rule_for_pages_that_read_pixels_is_set_when_asked(s3: Any) -> None:
    """It joins the rules that are there, once."""
    own = {"AllowedMethods": ["PUT"], "AllowedOrigins": ["https://ana.example.org"]}
    s3.put_bucket_cors(Bucket=BUCKET, CORSConfiguration={"CORSRules": [own]})
    home = S3Home(BUCKET, "photos")
    before = home.has_cors
    home.set_cors()
    home.set_cors()
    rules = s3.get_bucket_cors(Bucket=BUCKET)["CORSRules"]

    assert (False, True) == (before, home.has_cors)
    assert 2 == len(rules)
    assert own["AllowedMethods"] == rules[0]["AllowedMethods"]
    assert CORS_RULE["AllowedOrigins"] == rules[1]["AllowedOrigins"]


def test_a_bucket_without_rules_has_none(s3: Any) -> None:
    """Asking for the rules of a new bucket is no error, and publishing sets none."""
    assert not S3Home(BUCKET).has_cors
    with pytest.raises(s3.exceptions.ClientError, match="NoSuchCORSConfiguration"):
        s3.get_bucket_cors(Bucket=BUCKET)


def test_a_place_is_looked_at_by_command(public: Any, run: Run) -> None:
    """The command says where a picture is now, and sets the rule when asked to."""
    place = f"s3://{BUCKET}/photos"
    first = run("assets", place, "--json")
    second = run("assets", place, "--set-cors", "--json")

    assert (0, 0) == (first.status, second.status), first.err
    assert (False, True) == (first.json["cors"], second.json["cors"])
    assert "--set-cors" in first.err
    assert 1 == len(keys(public))
    assert first.json["url"].endswith(keys(public)[0])


def test_a_place_that_hides_images_is_refused_by_command(s3: Any, run: Run) -> None:
    """In one line that says what to write into the policy."""
    ended = run("assets", f"s3://{BUCKET}/photos")

    assert 1 == ended.status
    assert '"Action": "s3:GetObject"' in ended.err
    assert 1 == len(ended.err.strip().splitlines())
    assert 1 == len(keys(s3))
