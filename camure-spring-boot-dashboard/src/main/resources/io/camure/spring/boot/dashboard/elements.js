/** Elements that are made once and changed with each reading, so that what has the focus keeps it. */

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  made.append(...children);
  return made;
}

function show(target, text) {
  if (target.textContent !== text) {
    target.textContent = text;
  }
}

/** Has a container hold one part for each item, in their order; a part is {element, update(item)}. */
function each(container, items, keyOf, create) {
  const parts = container.parts ??= new Map();
  const keys = new Set(items.map(keyOf));
  for (const [key, part] of parts) {
    if (!keys.has(key)) {
      part.element.remove();
      parts.delete(key);
    }
  }
  items.forEach((item, index) => {
    const key = keyOf(item);
    if (!parts.has(key)) {
      parts.set(key, create(item));
    }
    const part = parts.get(key);
    if (container.children[index] !== part.element) {
      container.insertBefore(part.element, container.children[index] ?? null);
    }
    part.update(item);
  });
}

function stateLabel() {
  const label = element('span', {class: 'state'});
  return {
    element: label,
    update(state) {
      label.className = `state ${state}`;
      show(label, state);
    },
  };
}

/** Facts in a line: name and value of those that there are. */
function facts(target, pairs) {
  target.replaceChildren(...pairs.filter(([, value]) => value != null && value !== '')
      .map(([name, value]) => element('span', {}, `${name} `, element('b', {}, String(value)))));
}

/** A list of figures: name, value and whether it wants attention. */
function figures(target, values) {
  each(target, values, value => value.name, value => {
    const shown = element('dd');
    const part = element('div', {}, element('dt', {}, value.name), shown);
    return {
      element: part,
      update(now) {
        show(shown, now.value);
        part.classList.toggle('attention', Boolean(now.attention));
      },
    };
  });
}
