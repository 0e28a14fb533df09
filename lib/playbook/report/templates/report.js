"use strict";
(function () {
  const drawings = JSON.parse(document.getElementById("figure-data").textContent);
  const settings = { responsive: true, displaylogo: false, showTips: false,
    modeBarButtonsToRemove: ["lasso2d", "select2d"], showSendToCloud: false };
  drawings.forEach(function (drawing, number) {
    const place = document.getElementById("figure-" + number);
    Plotly.newPlot(place, drawing.data, drawing.layout, settings);
  });
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details:not(.long)").forEach(function (one) { one.open = true; });
  });
  document.documentElement.dataset.figures = String(drawings.length);
})();
