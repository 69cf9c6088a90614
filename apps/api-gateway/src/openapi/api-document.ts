import { z } from 'zod';

/** As much of an OpenAPI 3 document as the gateway has to understand; everything else passes as it came. */
export const operationSchema = z.looseObject({
  operationId: z.string().optional(),
  tags: z.array(z.string()).optional(),
  responses: z.record(z.string(), z.unknown()).optional(),
  requestBody: z.unknown().optional(),
});
const pathItemSchema = z.record(z.string(), z.unknown());

export const apiDocumentSchema = z.looseObject({
  openapi: z.string().regex(/^3\./),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  paths: z.record(z.string(), pathItemSchema),
  components: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
  tags: z.array(z.looseObject({ name: z.string() })).optional(),
});

export type ApiOperation = z.output<typeof operationSchema>;
export type ApiPathItem = z.output<typeof pathItemSchema>;
export type ApiDocument = z.output<typeof apiDocumentSchema>;

export const HTTP_METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;
