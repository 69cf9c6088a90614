import { z } from 'zod';
import { Market, type Quote } from '../../market/market';
import { microUsd, type MicroUsd, usdNumber } from '../../market/money';
import type { ProductPlan, Tide } from '../../market/product-plan';
import { json, type Reply, text } from '../answer';
import { isEmulatorKey, presentedKey } from '../api-key';
import type { CloudOptions, CloudRequest, EmulatedCloud, RowShape } from '../emulated-cloud';
import { listedLot } from '../listed-lot';
import { RentalDesk } from '../rental.desk';
import { CUDO_TYPES, type CudoType } from './cudo.reference';

/** The three recorded prices did not move within four weeks; the number of free GPUs did. */
const LIST_TIDE: Tide = { chance: 0.004, stepBp: 600, rangeBp: 1_500, grain: 10_000 };
const FREE_VCPUS = 190;
const FREE_GIB = 2_000;
const FREE_DISK_GIB = 390_000;

const vmBody = z.looseObject({
  vmId: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/),
  dataCenterId: z.string(),
  machineType: z.string(),
  gpus: z.number().int().min(1),
  vcpus: z.number().int().min(1),
  memoryGib: z.number().int().min(1),
  bootDiskImageId: z.string().min(1),
  bootDisk: z.object({ sizeGib: z.number().int().min(1) }),
});
type Vm = z.output<typeof vmBody>;

export const cudoCloud = (options: CloudOptions): EmulatedCloud => new CudoCloud(options);

class CudoCloud implements EmulatedCloud {
  readonly slug = 'cudo';
  readonly market: Market;
  readonly reference = CUDO_TYPES.flatMap(({ entry }) => entry ?? []);
  readonly rows: RowShape = { path: ['machineTypes'], id: 'machineType', numbers: ['maxGpuFree', 'gpuPriceHr'] };
  private readonly desk: RentalDesk;

  constructor({ seed }: CloudOptions) {
    this.market = new Market(CUDO_TYPES.flatMap(productOf), { seed });
    this.desk = new RentalDesk(this.market);
  }

  answer(request: CloudRequest): Reply {
    const path = request.path.replace(/\/+$/, '');
    if (`${request.method} ${path}` === 'GET /v1/vms/machine-types') {
      return json({ machineTypes: CUDO_TYPES.map((type) => this.typeNode(type)) });
    }
    const key = presentedKey(request);
    if (key === undefined || !isEmulatorKey(key)) return refused(401, 16, 'invalid API key');
    const [, project, vmId] = /^\/v1\/projects\/([^/]+)(?:\/vms\/([^/]+)\/terminate|\/vm)?$/.exec(path) ?? [];
    if (project === undefined) return refused(404, 5, 'Not Found');
    // A project of the emulator is called as its keys are: a real one must not seem to be there.
    if (!isEmulatorKey(project)) return refused(403, 7, 'permission denied on project');
    if (request.method === 'GET' && path.endsWith(project)) return json({ id: project, resourceCount: 0 });
    if (request.method === 'POST' && path.endsWith('/vm')) return this.create(request, `${key} ${project}`);
    if (request.method === 'POST' && vmId !== undefined) return this.terminate(vmId, `${key} ${project}`);
    return refused(405, 12, 'Method Not Allowed');
  }

  private typeNode(type: CudoType) {
    const hosts = quotesOf(type, this.market);
    const price = hosts[0] === undefined ? '0' : fixed(hosts[0].price);
    const free = hosts.map((host) => host.free);
    const rates = {
      vcpuPriceHr: { value: type.vcpuPrice },
      memoryGibPriceHr: { value: type.memoryPrice },
      gpuPriceHr: { value: price },
    };
    return {
      dataCenterId: type.dataCenterId,
      machineType: type.machineType,
      cpuModel: 'host-passthrough',
      gpuModel: type.gpuModel,
      gpuModelId: type.gpuModelId,
      minVcpuPerMemoryGib: type.minVcpuPerGib,
      maxVcpuPerMemoryGib: type.maxVcpuPerGib,
      minVcpuPerGpu: type.minVcpuPerGpu,
      maxVcpuPerGpu: type.maxVcpuPerGpu,
      ...rates,
      minStorageGibPriceHr: { value: type.storagePrice },
      ipv4PriceHr: { value: type.ipv4Price },
      renewableEnergy: false,
      maxVcpuFree: FREE_VCPUS,
      totalVcpuFree: FREE_VCPUS * type.hosts,
      maxMemoryGibFree: FREE_GIB,
      totalMemoryGibFree: FREE_GIB * type.hosts,
      // On one host; the total of all of them makes no machine.
      maxGpuFree: Math.max(0, ...free),
      totalGpuFree: free.reduce((total, count) => total + count, 0),
      maxStorageGibFree: FREE_DISK_GIB,
      totalStorageGibFree: FREE_DISK_GIB,
      minVcpu: 0,
      minMemoryGib: 0,
      prices: [{ ...rates, commitmentTerm: 'COMMITMENT_TERM_NONE' }],
    };
  }

  private create(request: CloudRequest, owner: string): Reply {
    if (request.soldOut) return text('rpc error: insufficient capacity in data center', 500);
    const body = vmBody.safeParse(request.body);
    if (!body.success) return refused(400, 3, z.prettifyError(body.error));
    const vm = body.data;
    const type = CUDO_TYPES.find((one) => one.machineType === vm.machineType && one.dataCenterId === vm.dataCenterId);
    if (type === undefined) return refused(404, 5, 'machine type not found');
    if (!isAllowed(type, vm)) return refused(400, 3, 'vcpus per GiB or per GPU are out of range for the machine type');
    if (this.desk.of(owner).some(({ label }) => label === vm.vmId)) return refused(409, 6, 'vm already exists');
    const host = quotesOf(type, this.market).find(({ free }) => free >= vm.gpus);
    if (host === undefined) return refused(400, 9, 'not enough GPUs free on one host');
    const pricePerHour = priceOf(type, vm, host.price);
    this.desk.rent({ lotId: host.plan.id, units: vm.gpus, owner, label: vm.vmId, pricePerHour });
    return json({ id: vm.vmId, vm: { id: vm.vmId, priceHr: { value: String(usdNumber(pricePerHour)) } } });
  }

  /** Machines are called by the names that their owner gave them. */
  private terminate(vmId: string, owner: string): Reply {
    const rental = this.desk.of(owner).find(({ label }) => label === vmId);
    if (rental === undefined) return refused(404, 5, 'vm not found');
    this.desk.end(rental.id, owner);
    return json({ id: vmId });
  }
}

function quotesOf(type: CudoType, market: Market): Quote[] {
  return Array.from({ length: type.hosts }, (_, host) => market.quote(lotId(type, host))).flatMap(
    (quote) => quote ?? [],
  );
}

function isAllowed(type: CudoType, { gpus, vcpus, memoryGib }: Vm): boolean {
  const perGib = vcpus / memoryGib;
  const perGpu = vcpus / gpus;
  return (
    perGib >= type.minVcpuPerGib &&
    perGib <= type.maxVcpuPerGib &&
    perGpu >= type.minVcpuPerGpu &&
    perGpu <= Number(type.maxVcpuPerGpu)
  );
}

function priceOf(type: CudoType, vm: Vm, gpuPrice: MicroUsd): MicroUsd {
  const parts =
    vm.vcpus * Number(type.vcpuPrice) +
    vm.memoryGib * Number(type.memoryPrice) +
    vm.bootDisk.sizeGib * Number(type.storagePrice) +
    Number(type.ipv4Price);
  return gpuPrice * vm.gpus + microUsd(parts.toFixed(6));
}

function productOf(type: CudoType): ProductPlan[] {
  const { entry } = type;
  if (entry === null) return [];
  const lots = Array.from({ length: type.hosts }, (_, host) =>
    listedLot({ id: lotId(type, host), region: type.dataCenterId, gpuCount: 1, capacity: type.gpusPerHost }),
  );
  return [{ entry, tide: LIST_TIDE, lots }];
}

function lotId(type: CudoType, host: number): string {
  return `${type.machineType} host ${host + 1}`;
}

/** Six decimals, as the API writes its prices. */
function fixed(price: MicroUsd): string {
  return usdNumber(price).toFixed(6);
}

/** Errors in the form of gRPC, whose codes they carry. */
function refused(status: number, code: number, message: string): Reply {
  return json({ code, message, details: [] }, status);
}
