// What surrounds a playground: the address bar and the clipboard, the page's width and its colours.

/**
 * Put a game into the address bar and the clipboard.
 * @param {string} name of the playground on its page @param {string} code the game
 * @param {(text: string) => void} say
 */
async function offerLink(name, code, say) {
  const text = `${name}=${code}`;
  const rest = location.hash.replace(/^#/, "").split("&").filter((h) => h.includes("=") && !h.startsWith(`${name}=`));
  try { history.replaceState(history.state, "", `#${[...rest, text].join("&")}`); } catch { /* some frames forbid it */ }
  const framed = window.top !== window; // in Colab, say: the frame's own address leads nowhere
  try {
    await navigator.clipboard.writeText(framed ? `#${text}` : location.href);
    say(framed ? "The part of a link that begins with # is copied: put it behind the address of a page that holds this playground."
      : "The link is copied, and stands in the address bar.");
  } catch {
    say(framed ? `Put this behind the address of a page that holds this playground: #${text}`
      : "The link stands in the address bar: copy it from there.");
  }
}

/**
 * Call back when the page's zoom, width or colours change, and when the playground is taken away.
 * @param {HTMLElement} root @param {() => void} changed
 */
function watchLooks(root, changed) {
  addEventListener("resize", changed); // zoom, too
  new ResizeObserver(changed).observe(root); // a side bar changes the width and not the window
  const dyed = new MutationObserver(changed), look = { attributes: true, attributeFilter: ["data-theme", "theme", "data-jp-theme-light"] };
  for (const part of [document.documentElement, document.body]) dyed.observe(part, look);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
}
