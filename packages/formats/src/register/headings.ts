import type { RegisterField } from '@wardline/model';

/** How registers call the fields, normalised by {@link normaliseHeading}; the first field that has a name keeps it. */
const names: Record<RegisterField, string> = {
  tag: `
    tag, asset tag, asset, asset id, asset no, asset number, assetid, equipment id, equipment no,
    equipment number, equip id, equip no, control no, control number, cn, cmms id, cmms no, barcode,
    device id, device tag, device no, id, inventory no, inventory number, inventory id, item no, tag no,
    tag number, unit no, eq no, eq id, property no, property tag, bme no, biomed no, biomed id, be
    number, inventarnummer, inventarnr, inventar nr, inv nr, invnr, inv no, anlagennummer, anlagennr,
    geratenummer, geratenr, gerate nr, gerate id, equipmentnummer, equipment nr, no inventario, numero
    de inventario, num inventario, inventario, codigo, codigo de equipo, id equipo, no activo, activo,
    activo fijo, numero d inventaire, no d inventaire, n inventaire, no inventaire, num inventaire,
    inventaire, code equipement, id equipement`,
  vendor: `
    vendor, manufacturer, mfr, mfg, mfgr, manuf, make, oem, brand, manufacturer name, vendor name, mfr
    name, maker, hersteller, fabrikat, marke, herstellername, fabricante, marca, proveedor, fabricant,
    marque, constructeur, produttore`,
  model: `
    model, model no, model number, model name, model id, mdl, product, product name, type model, device
    model, equipment model, modell, modellbezeichnung, typ, typenbezeichnung, geratetyp, gerate typ,
    modelo, modele, reference, modello, catalog no, catalogue no`,
  serial: `
    serial, serial no, serial number, serial num, ser no, ser num, sn, s n, serialno, serialnumber,
    seriennummer, seriennr, serien nr, serien no, sernr, ser nr, fabriknummer, fabriknr, fabrik nr,
    numero de serie, no de serie, no serie, num serie, n de serie, n serie, serie, numero serie, nro
    serie, matricola`,
  class: `
    class, device class, device type, equipment type, asset type, type, category, device category,
    equipment category, equipment class, asset class, asset category, description, device description,
    equipment description, asset description, modality, function, umdns, umdns term, gmdn, gmdn term,
    generic name, nomenclature, gerateart, gerate art, art, kategorie, bezeichnung, geratebezeichnung,
    gerateklasse, beschreibung, tipo, tipo de equipo, categoria, descripcion, equipo, clase, type d
    equipement, categorie, designation, libelle, equipement, classe`,
  mac: `
    mac, mac address, mac addresses, mac addr, mac id, macaddress, hardware address, hw address, hwaddr,
    physical address, ethernet address, ethernet mac, lan mac, wired mac, wlan mac, wifi mac, wireless
    mac, mac 1, mac 2, mac1, mac2, lan mac address, wlan mac address, wifi mac address, wired mac
    address, mac adresse, macadresse, mac adressen, hardwareadresse, direccion mac, direcciones mac, dir
    mac, adresse mac, adresses mac`,
  ip: `
    ip, ip address, ip addresses, ip addr, ipaddress, ipv4, ipv4 address, ipv6, ipv6 address, network
    address, static ip, ip adresse, ipadresse, ip adressen, direccion ip, direcciones ip, dir ip,
    adresse ip, adresses ip`,
  hostname: `
    hostname, host name, host, dns name, fqdn, computer name, network name, node name, device name,
    netbios name, system name, station name, rechnername, computername, gerätename, geratename,
    netzwerkname, nombre de host, nombre de equipo, nombre de red, nom d hote, nom hote, nom reseau, nom
    de machine`,
  software: `
    software, software version, sw version, sw, firmware, firmware version, fw version, fw, version, sw
    rev, software revision, os version, software level, softwareversion, softwarestand, firmwareversion,
    version de software, version del software, version logicielle, version logiciel, logiciel,
    micrologiciel`,
  department: `
    department, dept, dept name, department name, cost center, cost centre, costcenter, ward, unit,
    clinical department, service line, owning department, abteilung, station, fachabteilung,
    kostenstelle, klinik, departamento, servicio, area, unidad, service, departement, unite, pole`,
  location: `
    location, room, site, building, location name, room no, room number, physical location, place, bed,
    standort, raum, raumnummer, gebaude, ort, zimmer, ubicacion, sala, lugar, localizacion, habitacion,
    edificio, emplacement, localisation, lieu, salle, batiment, chambre`,
  owner: `
    owner, asset owner, responsible, responsible person, custodian, contact, owner name, device owner,
    technician, assigned to, besitzer, verantwortlich, verantwortlicher, eigentumer, ansprechpartner,
    responsable, propietario, titular, proprietaire, referent, contacto`,
  criticality: `
    criticality, criticality level, risk, risk level, risk class, risk category, risk score, priority,
    clinical criticality, importance, kritikalitat, risikoklasse, risiko, prioritat, criticidad, riesgo,
    nivel de riesgo, prioridad, criticite, niveau de risque, risque, priorite`,
  status: `
    status, state, asset status, device status, equipment status, lifecycle, lifecycle status, life
    cycle, condition, zustand, geratestatus, estado, situacion, statut, etat`,
  notes: `
    notes, note, comment, comments, remarks, remark, bemerkung, bemerkungen, kommentar, notiz, hinweis,
    notas, observaciones, comentarios, comentario, remarque, remarques, commentaire, commentaires`,
};

const fieldOf = new Map<string, RegisterField>();
for (const [field, list] of Object.entries(names) as [RegisterField, string][]) {
  for (const name of list.split(',')) {
    const key = normaliseHeading(name);
    if (!fieldOf.has(key)) fieldOf.set(key, field);
  }
}

/** Fields that several columns may fill together. */
export const listFields: ReadonlySet<RegisterField> = new Set(['mac', 'ip']);

/**
 * Words that tell a field inside a longer heading, most telling first ("Primary MAC addr. (LAN)"). Only where the whole
 * heading is unknown.
 */
const telling: [RegExp, RegisterField][] = [
  [/\bmac\b|macadd|hardware addr/, 'mac'],
  [/\bip\b|\bipv[46]\b/, 'ip'],
  [/serial|\bserien|\bserie\b|\bs n\b/, 'serial'],
  [/asset (tag|id|no|num)|equip\w* (id|no|num|tag)|inventar|inventaire|\btag\b/, 'tag'],
  [/manufact|\bmfr\b|\bmfg\b|vendor|herstell|fabrica/, 'vendor'],
  [/\bmodel|modell|modele/, 'model'],
  [/host ?name|\bfqdn\b/, 'hostname'],
  [/software|firmware|\bsw\b|\bfw\b/, 'software'],
  [/\bdep(t|artment)\b|abteilung/, 'department'],
  [/location|standort|ubicacion|\broom\b/, 'location'],
];

/** Lower case, accents off, everything but letters and digits as single spaces. */
export function normaliseHeading(heading: string): string {
  return heading
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll(/n[º°]|[#№º°]/gu, ' no ')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .replace(/ no no$/, ' no');
}

/** Column → field as the headings say it; a field that holds one value gets the first of the best columns. */
export function guessMapping(columns: readonly string[]): Record<string, RegisterField> {
  const mapping: Record<string, RegisterField> = {};
  const taken = new Set<RegisterField>();
  const assign = (column: string, field: RegisterField | undefined) => {
    if (!field || Object.hasOwn(mapping, column) || (taken.has(field) && !listFields.has(field))) return;
    Object.defineProperty(mapping, column, {
      value: field,
      enumerable: true,
      writable: true,
      configurable: true,
    });
    taken.add(field);
  };
  for (const column of columns) assign(column, fieldOf.get(normaliseHeading(column)));
  for (const column of columns) assign(column, tellingField(normaliseHeading(column)));
  return mapping;
}

function tellingField(heading: string): RegisterField | undefined {
  return telling.find(([pattern]) => pattern.test(heading))?.[1];
}
