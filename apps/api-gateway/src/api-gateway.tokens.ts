export const GATEWAY_CONFIG = Symbol('GATEWAY_CONFIG');
export const GATEWAY_ROUTES = Symbol('GATEWAY_ROUTES');
