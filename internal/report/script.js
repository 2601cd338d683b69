"use strict";
(function () {
  var form = document.getElementById("filter");
  var query = document.getElementById("q");
  var changed = document.getElementById("changed");
  var matches = document.getElementById("matches");
  var rows = Array.prototype.map.call(document.querySelectorAll("[data-row]"), function (row) {
    var text = row.textContent + " " + (row.getAttribute("data-tags") || "");
    return { row: row, text: text.toLowerCase(), same: row.getAttribute("data-changed") === "no" };
  });
  var gaps = document.querySelectorAll("tr.gap");

  function apply() {
    var words = query.value.toLowerCase().replace(/%/g, " ").split(/\s+/).filter(Boolean);
    var filtered = words.length > 0 || changed.checked;
    var shown = 0;
    rows.forEach(function (r) {
      var match = !(changed.checked && r.same) && words.every(function (w) { return r.text.indexOf(w) >= 0; });
      r.row.hidden = !match;
      if (match) { shown++; }
    });
    Array.prototype.forEach.call(gaps, function (gap) { gap.hidden = words.length > 0; });
    matches.textContent = filtered ? shown + " of " + rows.length + " rows and lines" : "";
  }

  form.hidden = false;
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  query.addEventListener("input", apply);
  changed.addEventListener("change", apply);
  apply();
})();
