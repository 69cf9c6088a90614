/** What `npm start` listens on: the variable that moves each port, and its default (DESIGN section 1). */
export const PORTS = [
  ['PORT', 8080],
  ['AUTH_PORT', 8101],
  ['PROVIDERS_PORT', 8102],
  ['KPI_PORT', 8103],
  ['MATH_CORE_PORT', 8104],
  ['WS_GATEWAY_PORT', 8106],
  ['CLOUD_EMULATOR_PORT', 8190],
];
