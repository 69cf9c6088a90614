import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

export const OPENAPI_PATH = '/openapi.json';

/** The service's own part of the API document; the gateway merges the parts (SPEC G4). */
export function describeApi(app: INestApplication, service: string): OpenAPIObject {
  const builder = new DocumentBuilder().setTitle(`GPUBROKER ${service}`).setVersion('2.0.0').addBearerAuth().build();
  return SwaggerModule.createDocument(app, builder, {
    operationIdFactory: (_controller, method) => method,
    autoTagControllers: false,
  });
}
