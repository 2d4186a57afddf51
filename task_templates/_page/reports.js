// What a worker can do about a task that is wrong: report it and give it back. The site
// around the page has a form for that; Mechanical Turk has a button of its own.

const framed = parent !== window && live && !/(^|\.)mturk\.com$/.test(new URL(action).hostname);

// Whoever framed the page gave it the id by its address: nobody learns it from this.
function report({ target }) {
  const reason = anyPicture("broken") ? say("report.picture") : "";
  record("report");
  parent.postMessage({ crowdlab: "problem", reason, assignmentId: assignment }, "*");
  const told = target.nextElementSibling ?? make("p", { role: "status", data: { t: "report.sent" } });
  target.after(told);
  told.textContent = say("report.sent");
}

const reportButton = () => make("button", { type: "button", data: { t: "report.send" }, textContent: say("report.send"), onclick: report });

function offerReport() {
  byId("report").hidden = !live || sent;
  byId("report-way").dataset.t = framed ? "report.site" : "report.market";
  if (framed) byId("report").append(reportButton());
}
