// What stands behind the # of the address: one part for each widget, "key=text&key=text".
"use strict";
/** @type {GanLessonsParts} */ var GanLessons = globalThis.GanLessons || (globalThis.GanLessons = /** @type {any} */ ({}));

GanLessons.link = GanLessons.link || (function () {
  const parts = () => location.hash.slice(1).split("&").filter(Boolean);

  /**
   * The own part, and whether there is one of another network's sliders.
   * @param {string} key
   */
  function read(key) {
    const mine = parts().find((part) => part.startsWith(`${key}=`));
    return { own: mine === undefined ? null : mine.slice(key.length + 1), other: parts().some((part) => part.startsWith("gl-")) };
  }

  /**
   * Put the own part into the address.
   * @param {string} key @param {string} text
   * @returns {string} the address; in a frame, whose own address leads nowhere, only the part behind the #
   */
  function write(key, text) {
    const hash = `#${[...parts().filter((part) => !part.startsWith(`${key}=`)), `${key}=${text}`].join("&")}`;
    try { history.replaceState(null, "", hash); } catch (error) { /* some frames forbid it */ }
    return window.top === window ? location.href.split("#")[0] + hash : hash;
  }

  return { read, write };
})();
