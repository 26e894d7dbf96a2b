// Small pieces of page: every control is a native one, so keyboard and screen reader come with it.

let serial = 0;
const unique = () => `ganp-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 7)}-${++serial}`;

/** @param {string} tag @param {Record<string, any>} attributes @param {...(Node | string)} children */
function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

const button = (text, onclick, more = {}) => make("button", { type: "button", onclick, ...more }, text);

/** A labelled choice. @param {[any, string][]} choices value and words */
function choice(label, choices, value, change) {
  const id = unique();
  const select = make("select", { id, onchange: () => change(choices[select.selectedIndex][0]) }, ...choices.map(([v, text]) => make("option", { value: v, selected: v === value }, text)));
  return make("div", { class: "ganp-field" }, make("label", { for: id }, label), select);
}

function toggle(text, on, change) {
  const input = make("input", { type: "checkbox", checked: on, onchange: () => change(input.checked) });
  return make("label", { class: "ganp-toggle" }, input, make("span", {}, text));
}

function seedField(value, change) {
  const id = unique();
  const input = make("input", { id, type: "number", min: 0, max: 999999999, step: 1, value, onchange: () => {
    if (/^\d{1,9}$/.test(input.value)) change(Number(input.value)); else input.value = value;
  } });
  return make("div", { class: "ganp-field" }, make("label", { for: id }, "Seed"), input);
}
