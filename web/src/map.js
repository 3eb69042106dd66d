// Maps: tiles from our own server, or boundaries where there are none. Each page works without.
import * as L from "leaflet";
import "leaflet/dist/leaflet.css";
import "../css/map.css";
import { fillFrom, mark } from "./marks.js";
import { each, say, word } from "./words.js";

const maps = new Map();

function inside([x, y], ring) {
  let odd = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i];
    const [xj, yj] = ring[j];
    if ((yi > y) !== (yj > y) && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd;
  }
  return odd;
}

function holds(feature, point) {
  const { type, coordinates } = feature.geometry;
  const polygons = type === "MultiPolygon" ? coordinates : [coordinates];
  return polygons.some(([outer]) => inside(point, outer));
}

async function boundaries(map, url, fit, isLine) {
  const shapes = await (await fetch(url)).json();
  const layer = L.geoJSON(shapes, { style: { className: isLine ? "map-line" : "map-land", weight: 1.5, fillOpacity: isLine ? 0 : 1 }, interactive: false });
  layer.addTo(map).bringToBack();
  if (fit) map.fitBounds(layer.getBounds(), { animate: false });
  return shapes.features;
}

function points(map, list) {
  for (const point of list) {
    if (point.lamp !== "crew") {
      mark(point).addTo(map);
      continue;
    }
    const link = Object.assign(document.createElement("a"), { href: point.href, textContent: point.title });
    L.circleMarker([point.lat, point.lon], { className: `map-point ${point.lamp}`, radius: 8, weight: 1.5, fillOpacity: 1 })
      .bindPopup(link).addTo(map);
  }
}

// What stands in the list is what one wants to see: the map goes as near as holds all of it.
function near(map, list) {
  if (list.length > 1) map.fitBounds(list.map(({ lat, lon }) => [lat, lon]), { animate: false, maxZoom: 15, padding: [20, 20] });
}

// A service in trouble answers some tiles late: each is asked for once more.
function tiles(map, config) {
  const layer = L.tileLayer(config.tiles, { maxZoom: 18, maxNativeZoom: config.deepest || 18, minZoom: 1, attribution: config.attribution });
  layer.on("tileerror", ({ tile }) => {
    if (tile.dataset.again) return;
    tile.dataset.again = "1";
    setTimeout(() => { tile.src = `${tile.src}`; }, 3000);
  });
  layer.addTo(map);
}

// The map's part in sight becomes part of the filter: the list then holds the same.
function here(map, id) {
  const button = document.querySelector(`[data-map-here="${id}"]`);
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const sight = map.getBounds();
    button.form.elements.bbox.value = [sight.getWest(), sight.getSouth(), sight.getEast(), sight.getNorth()].map((side) => side.toFixed(5)).join(",");
    button.form.requestSubmit();
  });
}

// The pin stays in the middle and the map moves under it: one thumb is enough.
function pin(map, box, config, areas) {
  const [lat, lon, region] = ["lat", "lon", "region"].map((name) => document.getElementById(config[name]));
  if (!lat || !lon) return;
  if (lat.value && lon.value) map.setView([lat.value, lon.value], map.getZoom(), { animate: false });
  const mark = L.circleMarker(map.getCenter(), { className: "map-pin", radius: 11, weight: 4, fillOpacity: 0.2, interactive: false }).addTo(map);
  let touched = false; // a map that only came into view has said nothing about the place
  for (const sign of ["pointerdown", "touchstart", "wheel", "keydown", "civic:located"]) {
    box.addEventListener(sign, () => { touched = true; }, { capture: true, passive: true });
  }
  map.on("move", () => mark.setLatLng(map.getCenter()));
  map.on("moveend", () => {
    if (!touched) return;
    const at = map.getCenter();
    lat.value = at.lat.toFixed(6);
    lon.value = at.lng.toFixed(6);
    const area = areas.find((feature) => holds(feature, [at.lng, at.lat]));
    if (region && area && area.properties.code) region.value = area.properties.code;
    lat.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

each("[data-map]", async (box) => {
  const config = JSON.parse(document.getElementById(box.dataset.map).textContent);
  box.textContent = ""; // the sentence for those without script; the box keeps its height
  const zoomSnap = config.tiles || config.source ? 1 : 0.25; // outlines alone are sharp at any step
  const map = L.map(box, { zoomControl: false, maxZoom: 18, zoomSnap }).setView(config.center, config.zoom, { animate: false });
  L.control.zoom({ zoomInTitle: word("zoom_in"), zoomOutTitle: word("zoom_out") }).addTo(map);
  map.attributionControl.setPrefix(false);
  maps.set(box.dataset.map, map);
  if (config.tiles) tiles(map, config);
  let areas = [];
  try {
    const fit = !config.tiles && config.fit === undefined;
    if (config.boundaries) areas = await boundaries(map, config.boundaries, fit, Boolean(config.tiles));
  } catch {
    say(word("lost"), { bad: true });
  }
  if (config.fit && config.bounds) map.fitBounds(config.bounds, { animate: false });
  points(map, config.points || []);
  if (!config.lat && !config.fit) near(map, config.points || []);
  if (config.source) await fillFrom(map, config.source);
  here(map, box.dataset.map);
  pin(map, box, config, areas);
  box.dataset.ready = "1";
});

each("[data-locate]", (button) => {
  if (!navigator.geolocation || !window.isSecureContext) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const map = maps.get(button.dataset.locate);
        map.getContainer().dispatchEvent(new Event("civic:located"));
        map.setView([coords.latitude, coords.longitude], 17, { animate: false });
        say(word("position"));
      },
      () => say(word("no_position"), { bad: true }),
      { enableHighAccuracy: true, timeout: 15000 },
    );
  });
});
