// Marks on a map: single things with shape and word, marks that stand for many, and heat. All of
// them are reached with Tab and opened with Enter; what the list says stands in their names.
import * as L from "leaflet";
import { say } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const SHAPES = {
  ok: "M5 .5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9z",
  warn: "M5 0 10 10H0z",
  bad: "M0 0h10v10H0z",
  paused: "M1 0h3v10H1zM6 0h3v10H6z",
  done: "M1 5l3 4 5-8",
};
const words = () => {
  const source = document.getElementById("map-words");
  return source ? JSON.parse(source.textContent) : {};
};
const fill = (text, places) => (text || "").replace(/\{(\w+)\}/g, (whole, name) => (name in places ? places[name] : whole));

function shape(lamp) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "-1 -1 12 12");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[lamp] || SHAPES.ok);
  if (lamp === "done") path.setAttribute("class", "stroke");
  svg.append(path);
  return svg;
}

function named(marker, name) {
  marker.on("add", () => marker.getElement().setAttribute("aria-label", name));
  return marker;
}

/** One thing: its shape and colour say how it stands, its name says it in words. */
export function mark({ lat, lon, lamp, title, href, state, type }) {
  const name = [title, type, state].filter(Boolean).join(" · ");
  const icon = L.divIcon({ className: `map-mark ${lamp}`, html: shape(lamp), iconSize: [28, 28] });
  const marker = named(L.marker([lat, lon], { icon, title: name, keyboard: true }), name);
  const popup = document.createElement("div");
  const head = href ? Object.assign(document.createElement("a"), { href }) : document.createElement("strong");
  head.textContent = title;
  popup.append(head);
  for (const text of [type, state].filter(Boolean)) popup.append(Object.assign(document.createElement("p"), { textContent: text }));
  marker.bindPopup(popup, { closeButton: false });
  marker.on("popupopen", () => { if (href) head.focus(); });
  popup.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    marker.closePopup();
    marker.getElement().focus();
  });
  return marker;
}

// Things on one and the same spot no map tells apart: the list does.
function listed(lon, lat) {
  const url = new URL(window.location.href);
  const near = 0.0003;
  url.searchParams.set("bbox", [lon - near, lat - near, lon + near, lat + near].map((side) => side.toFixed(5)).join(","));
  url.searchParams.delete("cursor");
  window.location.assign(url);
}

function many(map, feature, text) {
  const [lon, lat] = feature.geometry.coordinates;
  const { count, open } = feature.properties;
  const size = count < 10 ? 34 : count < 100 ? 40 : 46;
  const icon = L.divIcon({ className: "map-many", html: String(count), iconSize: [size, size] });
  const name = fill(text.many, { count, open });
  const marker = named(L.marker([lat, lon], { icon, title: name, keyboard: true }), name);
  marker.on("click", () => {
    if (map.getZoom() < map.getMaxZoom()) map.setView([lat, lon], Math.min(map.getZoom() + 2, map.getMaxZoom()), { animate: false });
    else listed(lon, lat);
  });
  return marker;
}

function square(feature, text) {
  const { count, grade } = feature.properties;
  const corners = feature.geometry.coordinates[0];
  const rectangle = L.rectangle([[corners[0][1], corners[0][0]], [corners[2][1], corners[2][0]]], { className: `map-heat g${grade}`, weight: 1, fillOpacity: 1 });
  return rectangle.bindTooltip(fill(text.cell, { count }));
}

function layerOf(map, features, text) {
  const made = features.map((feature) => {
    if (feature.geometry.type === "Polygon") return square(feature, text);
    if (!feature.properties.href) return many(map, feature, text);
    const [lon, lat] = feature.geometry.coordinates;
    return mark({ lat, lon, ...feature.properties });
  });
  return L.layerGroup(made);
}

/** Keeps the map filled with what the page's filter finds in the part that is in sight. */
export function fillFrom(map, source) {
  const text = words();
  let layer = null;
  let asking = null;
  let waiting = 0;
  const place = document.querySelector("[data-map-said]");
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const sight = map.getBounds();
    const around = [sight.getWest(), sight.getSouth(), sight.getEast(), sight.getNorth()].map((side) => side.toFixed(6)).join(",");
    try {
      const url = `${source}&around=${around}&zoom=${Math.floor(map.getZoom())}`;
      const answer = await fetch(url, { signal: asking.signal, headers: { "X-Background": "1" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const { features } = await answer.json();
      const box = map.getContainer();
      const held = layer && box.contains(document.activeElement) && document.activeElement !== box;
      layer?.remove();
      layer = layerOf(map, features, text).addTo(map);
      if (held) box.focus({ preventScroll: true }); // what had the focus has gone with its layer
      if (place) place.textContent = fill(text.shown, { count: features.reduce((sum, one) => sum + one.properties.count, 0) });
      box.dataset.filled = String(features.length);
    } catch (error) {
      if (error.name !== "AbortError") say(text.lost, { bad: true });
    }
  };
  map.on("moveend", () => {
    if (layer && layer.getLayers().some((one) => one.isPopupOpen?.())) return; // it moved to show a popup
    clearTimeout(waiting);
    waiting = setTimeout(ask, 150);
  });
  return ask();
}
