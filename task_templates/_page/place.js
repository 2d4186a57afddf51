"use strict";

// Where the page is: its task, and the assignment that the address names.

const byId = (id) => document.getElementById(id);
const page = JSON.parse(byId("page").textContent);
const task = JSON.parse(byId("task").textContent);
const input = task.input;

// Answers go to Mechanical Turk, to the page's own host or to this machine, and to
// nobody else who may have put the page into a frame.
function destination(text) {
  let url;
  try {
    url = new URL(text);
  } catch {
    return "";
  }
  const loopback = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  const mturk = /(^|\.)mturk\.com$/.test(url.hostname) && url.port === "";
  const own = url.hostname === location.hostname;
  const safe = url.protocol === "https:" && (mturk || own || loopback);
  const plain = url.protocol === "http:" && (loopback || (own && location.protocol === "http:"));
  if (!(safe || plain) || url.username || url.password) return "";
  return url.origin + url.pathname.replace(/\/+$/, "") + "/mturk/externalSubmit";
}

const query = new URLSearchParams(location.search);
const assignment = query.get("assignmentId") ?? "";
const action = destination(query.get("turkSubmitTo") ?? "");
const live = !["", "ASSIGNMENT_ID_NOT_AVAILABLE"].includes(assignment) && action !== "";
const visit = [query.get("hitId") ?? task.item, assignment, page.template, page.version].join(":");
