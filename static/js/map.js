// Draws the map beside the list. The list says the same: without this file nothing is missing but the picture.
(() => {
  "use strict";
  const CENTRE = [35.68, 139.75];
  let map = null;

  function start() {
    const frame = document.getElementById("map");
    if (!frame || !window.L || frame.dataset.drawn) return;
    frame.dataset.drawn = "yes";
    frame.hidden = false;
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", frame.dataset.label);
    if (map) map.remove();
    map = L.map(frame, { attributionControl: false, scrollWheelZoom: false, zoomAnimation: false, fadeAnimation: false });
    map.setView(CENTRE, 11);
    drawWards(map, frame.dataset.wards);
    if (frame.dataset.points) drawFirms(map, frame.dataset.points);
    else drawOne(map, frame.dataset);
  }

  async function drawWards(target, url) {
    const answer = await fetch(url);
    if (!answer.ok || target !== map) return;
    const style = { color: "#767676", weight: 1, fillColor: "#ffffff", fillOpacity: 1, interactive: false };
    L.geoJSON(await answer.json(), { style }).addTo(target).bringToBack();
  }

  async function drawFirms(target, url) {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok || target !== map) return;
    const places = new Map();
    for (const firm of await answer.json()) {
      const key = `${firm.lat},${firm.lng}`;
      places.set(key, [...(places.get(key) || []), firm]);
    }
    const all = [...places.values()];
    all.forEach((firms) => mark(target, firms));
    if (all.length) target.fitBounds(all.map((firms) => [firms[0].lat, firms[0].lng]), { padding: [24, 24], maxZoom: 14 });
  }

  function drawOne(target, data) {
    const place = [Number(data.lat), Number(data.lng)];
    dot(place, data.name, 9).addTo(target);
    target.setView(place, 12);
  }

  function dot(place, words, radius) {
    const style = { radius, color: "#ffffff", weight: 2, fillColor: "#004c59", fillOpacity: 1 };
    return L.circleMarker(place, style).bindTooltip(words);
  }

  function mark(target, firms) {
    const names = firms.map((firm) => firm.name).join("、");
    const marker = dot([firms[0].lat, firms[0].lng], names, firms.length > 1 ? 11 : 8);
    const list = document.createElement("ul");
    for (const firm of firms) {
      const item = list.appendChild(document.createElement("li"));
      const link = item.appendChild(document.createElement("a"));
      link.href = `/firms/${encodeURIComponent(firm.id)}`;
      link.textContent = firm.name;
    }
    marker.bindPopup(list).addTo(target);
  }

  document.addEventListener("DOMContentLoaded", start);
  document.addEventListener("htmx:afterSettle", start);
})();
