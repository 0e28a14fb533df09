"use strict";
(function () {
  const drawings = JSON.parse(document.getElementById("figure-data").textContent);
  const settings = { responsive: true, displaylogo: false, showTips: false,
    modeBarButtonsToRemove: ["lasso2d", "select2d"], showSendToCloud: false };
  drawings.forEach(function (drawing, number) {
    const place = document.getElementById("figure-" + number);
    Plotly.newPlot(place, drawing.data, drawing.layout, settings);
  });
  const paper = 760; /* pixels: the least width of a drawing, which fits a page */
  window.addEventListener("beforeprint", function () {
    drawings.forEach(function (_, number) {
      Plotly.relayout(document.getElementById("figure-" + number), { width: paper });
    });
    document.querySelectorAll("details:not(.long)").forEach(function (one) { one.open = true; });
  });
  window.addEventListener("afterprint", function () {
    drawings.forEach(function (_, number) {
      Plotly.relayout(document.getElementById("figure-" + number), { width: null, autosize: true });
    });
  });
  document.documentElement.dataset.figures = String(drawings.length);
})();
