/** Where weather is read for a venue: its place in degrees, and the nearest Meteostat stations, nearest first. */
export type WeatherSite = {
  readonly latitude: number;
  readonly longitude: number;
  readonly stations: readonly string[];
};

/**
 * The site of a venue: a stadium id of the schedule, or one of the names that `venueOf` gives to places which the
 * schedule has no id for. Undefined for a venue that is newer than this table.
 * Stations: the Meteostat station list (CC BY 4.0), three nearest with hourly records.
 */
export function weatherSite(venue: string): WeatherSite | undefined {
  const row = SITES[venue];
  return row === undefined ? undefined : { latitude: row[0], longitude: row[1], stations: row.slice(2) as string[] };
}

/** The stations of all sites, each at the place of a stadium nearby: near enough for made-up weather. */
export function stationPlaces(): ReadonlyMap<string, { readonly latitude: number; readonly longitude: number }> {
  places ??= new Map(
    Object.values(SITES).flatMap(([latitude, longitude, ...stations]) =>
      stations.map((station) => [station, { latitude, longitude }] as const),
    ),
  );
  return places;
}

let places: ReadonlyMap<string, { readonly latitude: number; readonly longitude: number }> | undefined;

type SiteRow = readonly [latitude: number, longitude: number, ...stations: string[]];

const SITES: Readonly<Record<string, SiteRow>> = {
  ATL00: [33.7576, -84.4012, 'KFTY0', 'KPDK0', '72227'],
  ATL97: [33.7555, -84.4008, 'KFTY0', 'KPDK0', '72227'],
  BAL00: [39.278, -76.6227, 'KDMH0', '72406', 'KMTN0'],
  BOS00: [42.0909, -71.2643, 'KOWD0', '74492', 'KSFZ0'],
  BOS99: [42.0926, -71.2675, 'KOWD0', '74492', 'KSFZ0'],
  BRG00: [30.412, -91.1838, 'KBTR0', '7O9W0', 'KHZR0'],
  BUF00: [42.7738, -78.787, '72528', '71463', 'KIAG0'],
  BUF01: [43.6417, -79.3891, '71265', '2XUGG', '71508'],
  CAR00: [35.2258, -80.8528, '72314', 'KJQF0', 'KAKH0'],
  CHI98: [41.8625, -87.6168, 'KCGX0', '72534', '72530'],
  CHI99: [40.0993, -88.236, 'KCMI0', '72531', 'KDNV0'],
  CIN00: [39.0954, -84.516, 'KLUK0', '72421', 'KI690'],
  CIN99: [39.0966, -84.5084, 'KLUK0', '72421', 'KI690'],
  CLE00: [41.506, -81.6996, 'KBKL0', '72524', 'KCGF0'],
  DAL00: [32.748, -97.0928, 'KGPM0', 'KGKY0', 'KNBE0'],
  DAL99: [32.8398, -96.9109, '72258', 'KNBE0', '72259'],
  DEN00: [39.7439, -105.0201, '72469', 'KBJC0', 'KBKF0'],
  DEN99: [39.746, -105.0216, '72469', 'KBJC0', 'KBKF0'],
  DET00: [42.3401, -83.0457, 'KDET0', '71538', '72537'],
  DET99: [42.6458, -83.255, 'KVLL0', 'KPTK0', 'KDET0'],
  FRA00: [50.0687, 8.6454, '10637', '10640', '10641'],
  GER00: [48.2189, 11.6247, '10868', '10865', '10866'],
  GNB00: [44.5015, -88.0622, '72645', 'KOCQ0', 'KATW0'],
  HOU00: [29.6849, -95.4108, '877AW', 'SC9N0', 'KAXH0'],
  IND00: [39.7602, -86.1638, '72438', 'KEYE0', 'KHFY0'],
  IND99: [39.7636, -86.1634, '72438', 'KEYE0', 'KHFY0'],
  JAX00: [30.3239, -81.6373, 'NFUKD', '74782', 'KHEG0'],
  KAN00: [39.0489, -94.484, 'KMKC0', 'KLXT0', 'KGVW0'],
  LAX01: [33.9535, -118.339, 'KHHR0', '72295', 'KCQT0'],
  LAX97: [33.8643, -118.2611, 'KHHR0', 'KTOA0', '72297'],
  LAX99: [34.014, -118.2879, 'KCQT0', 'KHHR0', '72295'],
  LON00: [51.556, -0.2796, '03672', '03779', '03772'],
  LON01: [51.456, -0.3415, '03772', '03672', '03779'],
  LON02: [51.6042, -0.0662, '03779', 'EGLC0', '03672'],
  MEX00: [19.303, -99.1505, '76681', '76680', '76679'],
  MIA00: [25.958, -80.2388, 'KHWO0', 'JY84X', '74783'],
  MIN00: [44.9738, -93.258, 'KMIC0', 'KSTP0', '9NRIJ'],
  MIN01: [44.9736, -93.2574, 'KMIC0', 'KSTP0', '9NRIJ'],
  MIN98: [44.9765, -93.2246, 'KSTP0', 'KMIC0', '72658'],
  NAS00: [36.1665, -86.7713, '72327', 'KJWN0', 'KMQY0'],
  NOR00: [29.9511, -90.0811, 'KVSH0', '72231', 'KNEW0'],
  NYC00: [40.8135, -74.0743, 'KTEB0', 'KNYC0', 'KJRB0'],
  NYC01: [40.8135, -74.0743, 'KTEB0', 'KNYC0', 'KJRB0'],
  OAK00: [37.7516, -122.2006, '72493', '74506', '72585'],
  PHI00: [39.9008, -75.1675, '72408', 'KPNE0', 'KLOM0'],
  PHI99: [39.9068, -75.1706, '72408', 'KPNE0', 'KLOM0'],
  PHO00: [33.5278, -112.2626, 'KGEU0', 'KLUF0', 'KGYR0'],
  PHO99: [33.4264, -111.9326, '72278', 'KFFZ0', 'KCHD0'],
  PIT00: [40.4468, -80.0158, '72520', 'F2UX6', 'KBTP0'],
  PIT99: [40.4466, -80.0126, '72520', 'F2UX6', 'KBTP0'],
  SAN00: [29.417, -98.4789, 'KSSF0', 'KSKF0', '72253'],
  SAO00: [-23.5453, -46.4742, '83778', 'SBGR0', '83781'],
  SDG00: [32.7832, -117.1196, '72290', '72293', 'KSEE0'],
  SEA00: [47.5952, -122.3316, 'KBFI0', 'KRNT0', '72793'],
  SEA98: [47.5956, -122.3314, 'KBFI0', 'KRNT0', '72793'],
  SEA99: [47.6503, -122.3016, 'KBFI0', 'KRNT0', '72793'],
  SFO00: [37.7134, -122.3862, '74506', '72494', '72493'],
  SFO01: [37.4032, -121.9698, 'KSJC0', '74509', 'KPAO0'],
  STL00: [38.6329, -90.1885, 'KCPS0', '72434', '4P0GT'],
  TAM00: [27.976, -82.5034, '72211', 'KTPF0', '74788'],
  VEG00: [36.0909, -115.1833, '72386', 'KVGT0', 'KHND0'],
  WAS00: [38.9077, -76.8645, 'KCGS0', '74594', '72405'],
  'croke-park': [53.3607, -6.2511, '03969', '03967'],
  'berlin-olympiastadion': [52.5147, 13.2395, '10382', '10384', '10381'],
  bernabeu: [40.4531, -3.6883, '08222', '08221', '08223'],
  'melbourne-cricket-ground': [-37.82, 144.9834, '95936', '94866'],
  maracana: [-22.9121, -43.2302, '83755', '83746'],
  'stade-de-france': [48.9245, 2.3601, '07150', '07156', '07157'],
};
