import { defineApiGateway } from './api-gateway.definition';
import { ROUTES } from './routing/route-table';

export const apiGatewayService = defineApiGateway(ROUTES);
