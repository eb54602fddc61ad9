// data-bell="<address of the stream>": keeps the number at the bell true while the page is looked at. Only the page in
// front listens: a browser opens few connections to one server, however many tabs there are. Without it the number is
// that of when the page was made.
const bell = document.querySelector("[data-bell]");

if (bell && window.EventSource) {
  const count = bell.querySelector(".bell-count");
  const words = bell.querySelector("[data-bell-words]");
  const news = document.querySelector("[data-bell-news]");
  const { none, one, many } = bell.dataset;
  let stream = null;

  const inWords = (number) => (number === 0 ? none : number === 1 ? one : many.replace("[n]", number));

  const show = ({ unread, news: isNews }) => {
    const changed = count.textContent !== String(unread);
    count.textContent = unread;
    count.hidden = unread === 0;
    words.textContent = inWords(unread);
    if (!changed && !isNews) return;
    if (isNews && unread > 0) news.textContent = inWords(unread);
    document.querySelector("[data-notices]")?.dispatchEvent(new CustomEvent("news"));
  };

  const listen = () => {
    if (document.hidden || stream) return;
    stream = new EventSource(bell.dataset.bell);
    stream.addEventListener("notices", (event) => show(JSON.parse(event.data)));
  };
  const rest = () => {
    stream?.close();
    stream = null;
  };

  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : listen()));
  window.addEventListener("pagehide", rest);
  window.addEventListener("pageshow", listen);
  document.addEventListener("signing-out", rest);
  listen();
}
