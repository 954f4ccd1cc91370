// Reading codes: by the browser's own detector where there is one, else by jsQR, which is fetched only then.
const FORMATS = ["qr_code", "code_128"];
const SIDE_MAX = 640;
const PAUSE_MS = 120;

let detector;
const own = async () => {
  if (detector === undefined) {
    detector = null;
    if ("BarcodeDetector" in window) {
      const known = await BarcodeDetector.getSupportedFormats().catch(() => []);
      const formats = FORMATS.filter((one) => known.includes(one));
      if (formats.includes("qr_code")) detector = new BarcodeDetector({ formats });
    }
  }
  return detector;
};

let fetched;
const jsqr = () => {
  fetched ??= import("/jsqr.js").then(() => window.jsQR);
  return fetched;
};

// What is written in a picture (a video, an image, a canvas), or "".
export const decode = async (source) => {
  const reader = await own();
  if (reader) {
    const found = await reader.detect(source).catch(() => []);
    return found.length ? found[0].rawValue : "";
  }
  const wide = source.videoWidth || source.naturalWidth || source.width;
  const high = source.videoHeight || source.naturalHeight || source.height;
  if (!wide || !high) return "";
  const scale = Math.min(1, SIDE_MAX / Math.max(wide, high));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(wide * scale);
  canvas.height = Math.round(high * scale);
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(source, 0, 0, canvas.width, canvas.height);
  const seen = pen.getImageData(0, 0, canvas.width, canvas.height);
  const read = await jsqr();
  const found = read(seen.data, seen.width, seen.height, { inversionAttempts: "dontInvert" });
  return found ? found.data : "";
};

let running;
export const stop = () => {
  if (running) running.getTracks().forEach((track) => track.stop());
  running = undefined;
};

// Shows the camera in `video` until a code was read (its text), or until `stop` (then "").
export const scan = async (video) => {
  stop();
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: false, video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } },
  });
  running = stream;
  video.srcObject = stream;
  await video.play();
  while (running === stream) {
    const found = await decode(video);
    if (found && running === stream) {
      stop();
      if (navigator.vibrate) navigator.vibrate(40);
      return found;
    }
    await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
  return "";
};
