// SPDX-License-Identifier: Apache-2.0
// Draws each chart from the table beside it, which is there without this script and stays there with it.
"use strict";
(() => {
  const css = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();
  const colours = () => [1, 2, 3, 4].map((i) => css(`--chart-${i}`));
  const textOf = (cell) => cell.dataset.short || cell.textContent.trim();
  const numberOf = (cell) => Number(cell.textContent.replace(/[^\d.-]/g, ""));

  function dataOf(table, columns) {
    const rows = [...table.tBodies[0].rows];
    return {
      labels: rows.map((row) => textOf(row.cells[0])),
      datasets: columns.map((column) => ({
        label: textOf(table.tHead.rows[0].cells[column]),
        data: rows.map((row) => numberOf(row.cells[column])),
      })),
    };
  }

  // The lines are told apart by more than their colour.
  const dashes = [[], [7, 5]];
  const points = ["circle", "rectRot"];

  const paint = {
    line(data) {
      data.datasets.forEach((set, i) => Object.assign(set, {
        borderColor: colours()[i], backgroundColor: colours()[i], borderDash: dashes[i], pointStyle: points[i], borderWidth: 2.5, pointRadius: 3,
      }));
      const axis = { grid: { color: css("--chart-line") }, ticks: { color: css("--chart-text"), precision: 0, maxRotation: 0, autoSkipPadding: 12 } };
      return { scales: { x: axis, y: { ...axis, beginAtZero: true } }, interaction: { mode: "index", intersect: false } };
    },
    doughnut(data) {
      Object.assign(data.datasets[0], { backgroundColor: colours(), borderColor: css("--chart-paper"), borderWidth: 3 });
      return { cutout: "62%" };
    },
  };

  function draw(place) {
    const table = document.getElementById(place.dataset.of);
    const data = table && dataOf(table, place.dataset.columns.split(" ").map(Number));
    if (!window.Chart || !data?.datasets.some((set) => set.data.some(Boolean))) return; // nothing to draw
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", place.dataset.label);
    place.replaceChildren(canvas);
    const type = place.dataset.chart;
    const more = paint[type](data);
    const size = parseFloat(getComputedStyle(place).fontSize);
    Chart.defaults.font = { ...Chart.defaults.font, family: getComputedStyle(document.body).fontFamily, size };
    Chart.defaults.color = css("--chart-text");
    new Chart(canvas, {
      type, data,
      // Nothing moves, so that nobody need ask for less motion.
      options: { animation: false, maintainAspectRatio: false, plugins: { legend: { display: type === "line", align: "end", labels: { usePointStyle: true, boxHeight: size / 2 } } }, ...more },
    });
  }

  // Under `root`: the whole page, or a part of it that is renewed.
  function drawAll(root) {
    for (const fold of root.querySelectorAll("details[data-folds]")) fold.removeAttribute("open");
    root.querySelectorAll("[data-chart]").forEach(draw);
  }

  // Charts that have left the page are let go, or a screen that is never turned off would fill up.
  function clearAll(root) {
    for (const canvas of root.querySelectorAll("canvas")) Chart.getChart(canvas)?.destroy();
  }

  window.pinghuFigures = { drawAll, clearAll };
  drawAll(document);
})();
