// A photo as it goes: at most 1600 pixels long, without its notes; what they say of when and where
// goes beside it. What no browser here can draw (HEIC) goes as it is, the server can.
const EDGE = 1600;
const QUALITY = 0.82;
const HEAD = 131072; // notes stand within the first 128 kB
const TAKEN = 0x9003;
const OFFSET = 0x9011;
const EXIF = 0x8769;
const GPS = 0x8825;

/** {data, type, taken_at, lon, lat}; null for what is no picture, or too large to go as it is. */
export async function prepared(file, most) {
  const notes = await notesOf(file);
  const small = await shrunk(file);
  if (small) return { data: await small.arrayBuffer(), type: "image/jpeg", ...notes };
  if (!(await isHeic(file)) || file.size > most) return null;
  return { data: await file.arrayBuffer(), type: "image/heic", ...notes };
}

async function shrunk(file) {
  const url = URL.createObjectURL(file);
  try {
    const picture = new Image();
    picture.src = url;
    await picture.decode();
    const scale = Math.min(1, EDGE / Math.max(picture.naturalWidth, picture.naturalHeight));
    const sheet = document.createElement("canvas");
    sheet.width = Math.max(1, Math.round(picture.naturalWidth * scale));
    sheet.height = Math.max(1, Math.round(picture.naturalHeight * scale));
    const brush = sheet.getContext("2d");
    brush.fillStyle = "white"; // JPEG knows no transparency
    brush.fillRect(0, 0, sheet.width, sheet.height);
    brush.drawImage(picture, 0, 0, sheet.width, sheet.height);
    return await new Promise((resolve) => { sheet.toBlob(resolve, "image/jpeg", QUALITY); });
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(url);
  }
}

async function isHeic(file) {
  const head = new Uint8Array(await file.slice(0, 12).arrayBuffer());
  const text = String.fromCharCode(...head);
  return text.slice(4, 8) === "ftyp" && /^(heic|heix|heim|heis|mif1)$/.test(text.slice(8, 12));
}

async function notesOf(file) {
  const none = { taken_at: null, lon: null, lat: null };
  try {
    const view = new DataView(await file.slice(0, HEAD).arrayBuffer());
    const at = tiffOf(view);
    return at < 0 ? none : { ...none, ...read(view, at) };
  } catch {
    return none; // notes that cannot be read cost nobody the photo
  }
}

function tiffOf(view) {
  if (view.byteLength < 12 || view.getUint16(0) !== 0xffd8) return -1;
  for (let at = 2; at + 10 < view.byteLength && view.getUint8(at) === 0xff; at += 2 + view.getUint16(at + 2)) {
    if (view.getUint8(at + 1) === 0xe1 && view.getUint32(at + 4) === 0x45786966) return at + 10;
  }
  return -1;
}

function read(view, tiff) {
  const little = view.getUint16(tiff) === 0x4949;
  const two = (at) => view.getUint16(at, little);
  const four = (at) => view.getUint32(at, little);
  const entries = (at) => {
    const found = new Map();
    for (let n = 0, count = two(at); n < count; n += 1) {
      const entry = at + 2 + 12 * n;
      const size = four(entry + 4) * (two(entry + 2) === 5 ? 8 : 1);
      found.set(two(entry), { size, value: entry + 8, place: size > 4 ? tiff + four(entry + 8) : entry + 8 });
    }
    return found;
  };
  const text = (entry) => (entry ? String.fromCharCode(...new Uint8Array(view.buffer, entry.place, entry.size)).replace(/\0.*$/, "").trim() : "");
  const degrees = (entry, ref, negative) => {
    const parts = [0, 8, 16].map((step) => four(entry.place + step) / four(entry.place + step + 4));
    const size = parts[0] + parts[1] / 60 + parts[2] / 3600;
    return text(ref).toUpperCase() === negative ? -size : size;
  };
  const first = entries(tiff + four(tiff + 4));
  const exif = first.has(EXIF) ? entries(tiff + four(first.get(EXIF).value)) : new Map();
  const gps = first.has(GPS) ? entries(tiff + four(first.get(GPS).value)) : new Map();
  const notes = {};
  const taken = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/.exec(text(exif.get(TAKEN)));
  if (taken) notes.taken_at = `${taken[1]}-${taken[2]}-${taken[3]}T${taken[4]}${text(exif.get(OFFSET))}`;
  if (gps.has(2) && gps.has(4)) {
    const lat = degrees(gps.get(2), gps.get(1), "S");
    const lon = degrees(gps.get(4), gps.get(3), "W");
    if (Number.isFinite(lat) && Number.isFinite(lon) && (lat !== 0 || lon !== 0)) Object.assign(notes, { lat: lat.toFixed(6), lon: lon.toFixed(6) });
  }
  return notes;
}
