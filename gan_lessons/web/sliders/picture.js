// From a network's output, numbers in [-1, 1], to pixels, and to a file.
"use strict";
/** @type {GanLessonsParts} */ var GanLessons = globalThis.GanLessons || (globalThis.GanLessons = /** @type {any} */ ({}));

GanLessons.picture = GanLessons.picture || (function () {
  /** @param {HTMLCanvasElement} canvas */
  function ink(canvas) {
    const context = canvas.getContext("2d");
    if (!context) throw new Error("this browser cannot draw");
    return context;
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {ArrayLike<number>} values (height, width, 3), row after row
   * @param {number} width @param {number} height
   */
  function paint(canvas, values, width, height) {
    canvas.width = width; canvas.height = height;
    const context = ink(canvas), pixels = context.createImageData(width, height);
    for (let i = 0, o = 0; i < values.length; i += 3, o += 4) {
      for (let c = 0; c < 3; c++) pixels.data[o + c] = (values[i + c] + 1) * 127.5;
      pixels.data[o + 3] = 255;
    }
    context.putImageData(pixels, 0, 0);
  }

  /**
   * Save as PNG, each pixel as a square.
   * @param {HTMLCanvasElement} canvas @param {number} scale @param {string} name
   */
  function save(canvas, scale, name) {
    const large = document.createElement("canvas");
    large.width = canvas.width * scale; large.height = canvas.height * scale;
    const context = ink(large);
    context.imageSmoothingEnabled = false;
    context.drawImage(canvas, 0, 0, large.width, large.height);
    GanLessons.dom.make("a", { href: large.toDataURL("image/png"), download: name }).click();
  }

  return { paint, save };
})();
