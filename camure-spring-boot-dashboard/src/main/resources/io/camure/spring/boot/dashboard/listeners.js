/** All listeners of the application; where the endpoint may be written to, with a button each. */

function listenersPart() {
  const rows = element('tbody');
  const head = ['Listener', 'Group', 'State', 'Queue', 'Dropped', ''].map((name, index) =>
      element('th', {scope: 'col', class: index === 3 || index === 4 ? 'number' : ''}, name));
  const hint = element('p', {class: 'muted hint'},
      'They can be stopped from here where management.endpoint.camure.access is unrestricted.');
  return {
    element: element('section', {class: 'card scroll', 'aria-label': 'Listeners', tabindex: '0'},
        element('table', {}, element('caption', {}, 'Listeners'), element('thead', {}, element('tr', {}, ...head)), rows), hint),
    update({listeners, writable}) {
      hint.hidden = writable;
      const others = one => listeners.filter(other => other !== one && other.group === one.group && other.running).length;
      each(rows, listeners.map(one => ({...one, writable, others: others(one)})), listener => listener.id, listenerRow);
    },
  };
}

function listenerRow({id, group}) {
  const state = stateLabel();
  const queue = element('td', {class: 'number'});
  const dropped = element('td', {class: 'number'});
  const button = element('button', {type: 'button'});
  let running;
  let others;
  button.addEventListener('click', async () => {
    if (!running) {
      await change(id, 'start');
    } else if (await isStopWanted(id, group, others)) {
      await change(id, 'stop');
    }
  });
  return {
    element: element('tr', {}, element('th', {scope: 'row'}, id), element('td', {}, group), element('td', {}, state.element),
        queue, dropped, element('td', {class: 'number'}, button)),
    update(now) {
      ({running, others} = now);
      state.update(running ? 'open' : 'degraded');
      show(state.element, running ? 'running' : 'stopped');
      show(queue, now.queueCapacity ? `${now.queueSize} of ${now.queueCapacity}` : 'none');
      show(dropped, number(now.dropped));
      button.hidden = !now.writable;
      show(button, running ? 'Stop' : 'Start');
      button.setAttribute('aria-label', `${running ? 'Stop' : 'Start'} listener ${id}`);
    },
  };
}

/**
 * Asks, since it may be more than this node that stops.
 *
 * @param others how many other listeners take the messages of the group
 */
function isStopWanted(id, group, others) {
  const question = byId('question');
  show(byId('question-title'), `Stop listener ${id}?`);
  show(byId('question-text'), others
      ? `It then takes no more messages of ${group}. Other listeners of this application still do, so nobody is held up.`
      : `This node then takes no more messages of ${group}. They stay in its receive window, and once that is full, the `
          + `coordinator and all other members of ${group} wait for this node, until the listener is started again `
          + 'or this node is evicted.');
  question.returnValue = 'no';
  question.showModal();
  return new Promise(answer =>
      question.addEventListener('close', () => answer(question.returnValue === 'yes'), {once: true}));
}

/** For Spring Security, where it lets pages read its token: the names are those of its CookieCsrfTokenRepository. */
function csrfHeader() {
  const name = 'XSRF-TOKEN=';
  const cookie = document.cookie.split('; ').find(each => each.startsWith(name));
  return cookie ? {'X-XSRF-TOKEN': decodeURIComponent(cookie.slice(name.length))} : {};
}

async function change(id, action) {
  try {
    const response = await fetch(`${ENDPOINT}/listeners/${encodeURIComponent(id)}`, {
      method: 'POST', headers: {'Content-Type': 'application/json', ...csrfHeader()}, body: JSON.stringify({action}),
      redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MILLIS),
    });
    if (!response.ok) {
      throw new Error(response.status === 403 ? 'the application answers 403, as when it wants a CSRF token that the page may not read'
          : answerInWords(response));
    }
    complain('refusal', null);
    show(byId('announcements'), `Listener ${id}: ${action} asked for`);
    await read();
  } catch (error) {
    complain('refusal', `Listener ${id} can't be changed: ${failureInWords(error)}.`);
  }
}
