// Plays the film within the page, and joins its time with the timeline and the tables.
const film = document.getElementById("film");
const video = document.querySelector("video");
const timeline = document.querySelector(".timeline");
const playhead = document.querySelector(".playhead");
const { left, seconds } = timeline.dataset;

if (film && video) {
  const bytes = Uint8Array.from(atob(film.textContent), (letter) => letter.charCodeAt(0));
  // A film in the address itself would be without seeking in some browsers.
  video.src = URL.createObjectURL(new Blob([bytes], { type: film.dataset.type }));
  film.remove();
  document.body.classList.add("playable");

  const show = () => {
    const share = Math.min(1, video.currentTime / seconds);
    playhead.style.insetInlineStart = `${100 * (+left + (1 - left) * share)}%`;
    playhead.hidden = false;
    if (!video.paused) requestAnimationFrame(show);
  };
  const seek = (second) => {
    // Into the frame: its very start may show the one before.
    video.currentTime = second + 0.001;
  };
  for (const event of ["loadedmetadata", "seeked", "play"]) {
    video.addEventListener(event, show);
  }
  timeline.addEventListener("click", (event) => {
    const box = timeline.getBoundingClientRect();
    const share = ((event.clientX - box.left) / box.width - left) / (1 - left);
    seek(Math.max(0, Math.min(1, share)) * seconds);
  });
  document.addEventListener("click", ({ target }) => {
    const { second } = target.dataset ?? {};
    if (second === undefined) return;
    seek(Number(second));
    video.scrollIntoView({ block: "nearest" });
  });
}
