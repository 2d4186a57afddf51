// A stand-in for Amazon's script of this name: the functions that old pages call.

function turkGetParam(name, otherwise = "") {
  return new URLSearchParams(location.search).get(name) ?? otherwise;
}

function gup(name) {
  return turkGetParam(name);
}

function turkGetSubmitToHost() {
  return turkGetParam("turkSubmitTo", location.origin).replace(/\/+$/, "");
}

function turkSetAssignmentID(given) {
  const assignment = given ?? turkGetParam("assignmentId");
  const form = document.getElementById("mturk_form");
  let field = document.getElementById("assignmentId");
  if (!field && form) {
    field = Object.assign(document.createElement("input"), {
      type: "hidden", name: "assignmentId", id: "assignmentId",
    });
    form.append(field);
  }
  if (field) field.value = assignment;
  if (form) form.action = `${turkGetSubmitToHost()}/mturk/externalSubmit`;
  const button = document.getElementById("submitButton");
  if (button && assignment === "ASSIGNMENT_ID_NOT_AVAILABLE") {
    button.disabled = true;
    const text = "You must ACCEPT the HIT before you can submit the results.";
    if (button.localName === "input") button.value = text;
    else button.textContent = text;
  }
}
