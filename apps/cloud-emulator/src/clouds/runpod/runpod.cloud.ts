import { z } from 'zod';
import { Market } from '../../market/market';
import { json, type Reply, text } from '../answer';
import { isEmulatorKey, presentedKey } from '../api-key';
import type { CloudOptions, CloudRequest, EmulatedCloud, RowShape } from '../emulated-cloud';
import { gpuTypeNode, unknownGpuTypeNode } from './gpu-type.node';
import { type GraphqlNode, type GraphqlResolver, project } from './graphql-projection';
import { GraphqlError, readGraphql } from './graphql-reader';
import { stockStatus } from './lowest-price';
import { PodDesk } from './pod.desk';
import { DATA_CENTERS, dataCentersOf, type RunpodDataCenter, runpodProducts } from './runpod.products';
import { lotId, RUNPOD_CARDS } from './runpod.reference';

const requestBody = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});
const gpuTypesInput = z.object({ id: z.string().nullish(), ids: z.array(z.string()).nullish() });

export const runpodCloud = (options: CloudOptions): EmulatedCloud => new RunpodCloud(options);

class RunpodCloud implements EmulatedCloud {
  readonly slug = 'runpod';
  readonly market: Market;
  readonly reference;
  readonly rows: RowShape = {
    path: ['data', 'gpuTypes'],
    id: 'id',
    numbers: ['securePrice', 'communityPrice', 'memoryInGb'],
  };
  private readonly desk: PodDesk;

  constructor({ seed }: CloudOptions) {
    const products = runpodProducts();
    this.reference = products.map(({ entry }) => entry);
    this.market = new Market(products, { seed });
    this.desk = new PodDesk(this.market);
  }

  answer(request: CloudRequest): Reply {
    if (request.path.replace(/\/+$/, '') !== '/graphql') return json({ error: 'not found' }, 404);
    if (request.method !== 'POST') return json({ error: 'method not allowed' }, 405);
    const key = presentedKey(request);
    if (key !== undefined && !isEmulatorKey(key)) return json({ errors: [{ message: 'Unauthorized' }] }, 401);
    const body = requestBody.safeParse(request.body);
    if (!body.success) return json({ errors: [{ message: z.prettifyError(body.error) }] }, 400);
    return this.execute(body.data, key, request.soldOut);
  }

  private execute(body: z.output<typeof requestBody>, key: string | undefined, soldOut: boolean): Reply {
    try {
      const { kind, fields } = readGraphql(body.query, body.variables ?? {});
      if (kind === 'mutation' && soldOut) return text('create pod: There are no instances currently available', 500);
      return json({ data: project(kind === 'query' ? this.queries(key) : this.mutations(key), fields) });
    } catch (error) {
      if (error instanceof GraphqlError) return failed(error);
      throw error;
    }
  }

  private queries(key: string | undefined): GraphqlNode {
    return {
      __typename: 'Query',
      gpuTypes: (args: Parameters<GraphqlResolver>[0]) => this.gpuTypes(args),
      dataCenters: () => DATA_CENTERS.map((center) => this.dataCenterNode(center)),
      myself: () => {
        const owner = ownerOf(key);
        return {
          __typename: 'User',
          id: 'emulator-user',
          email: 'emulator@example.invalid',
          clientBalance: 25,
          currentSpendPerHr: 0,
          spendLimit: 80,
          pods: this.desk.pods(owner),
        };
      },
    };
  }

  private mutations(key: string | undefined): GraphqlNode {
    return {
      __typename: 'Mutation',
      podFindAndDeployOnDemand: (args: Parameters<GraphqlResolver>[0]) => this.desk.deploy(args, ownerOf(key)),
      podRentInterruptable: (args: Parameters<GraphqlResolver>[0]) => this.desk.deployInterruptible(args, ownerOf(key)),
      podTerminate: (args: Parameters<GraphqlResolver>[0]) => this.desk.terminate(args, ownerOf(key)),
    };
  }

  private gpuTypes(args: Readonly<Record<string, unknown>>): GraphqlNode[] {
    const read = gpuTypesInput.safeParse(args.input ?? {});
    if (!read.success) throw new GraphqlError(z.prettifyError(read.error), 'GRAPHQL_VALIDATION_FAILED');
    const { id, ids } = read.data;
    const wanted = [...(id ? [id] : []), ...(ids ?? [])];
    const all = [...RUNPOD_CARDS.map((card) => gpuTypeNode(card, this.market)), unknownGpuTypeNode()];
    return wanted.length === 0 ? all : all.filter((node) => wanted.includes(String(node.id)));
  }

  private dataCenterNode(center: RunpodDataCenter): GraphqlNode {
    return {
      __typename: 'DataCenter',
      id: center.id,
      name: center.id,
      location: center.location,
      gpuAvailability: () => this.gpuAvailability(center),
    };
  }

  private gpuAvailability(center: RunpodDataCenter): GraphqlNode[] {
    return RUNPOD_CARDS.filter((card) => dataCentersOf(card).includes(center)).flatMap((card) => {
      const pool = this.market.quote(lotId(card, 'secure', 'on_demand'));
      if (pool === undefined) return [];
      return {
        __typename: 'GpuAvailability',
        id: card.id,
        displayName: card.displayName,
        available: pool.free > 0,
        stockStatus: stockStatus(pool, 1),
      };
    });
  }
}

/** @throws GraphqlError when nobody is signed in */
function ownerOf(key: string | undefined): string {
  if (key === undefined) throw new GraphqlError('Unauthorized', 'UNAUTHENTICATED');
  return key;
}

/** A document that cannot be answered is a 400; what fails while answering comes as 200 with errors, as GraphQL has it. */
function failed({ message, code }: GraphqlError): Reply {
  const invalid = code === 'GRAPHQL_PARSE_FAILED' || code === 'GRAPHQL_VALIDATION_FAILED';
  const errors = [{ message, extensions: { code } }];
  return invalid ? json({ errors }, 400) : json({ errors, data: null });
}
