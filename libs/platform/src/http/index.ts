export { addressKey } from './address-key';
export { matchesETag } from './entity-tag';
export { createFastifyAdapter, type FastifyAdapterOptions } from './fastify-adapter';
export { installHttpHooks, type HttpHookOptions, type RequestIdentity } from './install-http-hooks';
export { parseJsonBody } from './json-guard';
export { RouteMethods } from './route-methods';
export { HSTS, SECURITY_HEADERS } from './security-headers';
export { bodyValidation } from './validation.pipe';
export { routeUpgrades, type Upgrade } from './upgrades';
