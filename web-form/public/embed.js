// Puts the support form on any page:
//
//   <script src="https://support.example.com/embed.js" async></script>
//
// Attributes, all optional: data-target (a CSS selector; default: after the script), data-lang, data-theme
// (light or dark), and values to fill in: data-name, data-email, data-phone, data-subject, data-category,
// data-priority, data-message. The site must be one of the origins in CORS_ORIGINS.
(function () {
  'use strict';
  var script = document.currentScript;
  if (!script) return;
  var base = new URL(script.src);
  var data = script.dataset;

  var query = new URLSearchParams({ embed: '1' });
  if (data.lang) query.set('lang', data.lang);
  if (data.theme) query.set('theme', data.theme);
  // Behind the #, so that no server and no log sees who is writing.
  var values = new URLSearchParams();
  ['name', 'email', 'phone', 'subject', 'category', 'priority', 'message'].forEach(function (field) {
    if (data[field]) values.set(field, data[field]);
  });

  var frame = document.createElement('iframe');
  frame.src = new URL('/', base) + '?' + query + (String(values) ? '#' + values : '');
  frame.title = data.title || (data.lang === 'de' ? 'Support-Formular' : 'Support form');
  frame.setAttribute('allow', 'clipboard-write');
  frame.style.cssText = 'display:block;width:100%;height:640px;border:0;color-scheme:normal;background:transparent';

  var arrived = false;
  addEventListener('message', function (event) {
    if (event.source !== frame.contentWindow || event.origin !== base.origin) return;
    var height = event.data && event.data.type === 'fte:height' ? Number(event.data.height) : 0;
    if (height > 0 && height < 20000) {
      arrived = true;
      frame.style.height = Math.ceil(height) + 'px';
    }
  });

  // A page that may not show the form, or a form that does not load, offers the way to it instead.
  function fallBack() {
    if (arrived) return;
    var link = document.createElement('a');
    link.href = new URL('/', base) + (data.lang ? '?lang=' + encodeURIComponent(data.lang) : '');
    link.target = '_blank';
    link.rel = 'noopener noreferrer';
    link.textContent = data.lang === 'de' ? 'Support-Formular öffnen' : 'Open the support form';
    frame.replaceWith(link);
  }
  setTimeout(fallBack, 10000);

  function place() {
    var target = data.target ? document.querySelector(data.target) : null;
    if (target) target.appendChild(frame);
    else script.after(frame);
  }
  if (data.target && document.readyState === 'loading') addEventListener('DOMContentLoaded', place);
  else place();
})();
