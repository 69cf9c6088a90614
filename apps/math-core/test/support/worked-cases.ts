/** Three cases for each kind of work: value, speed, memory, reliability, score. docs/mathematics.md works them out. */
// prettier-ignore
const CASES = [
  ['llm_inference', { gpu_type: 'RTX-4090', gpu_memory_gb: 24, price_per_hour: 0.4, reliability_score: 0.9 }, {"model_size": "7b"}, [0.4874, 0.2023, 1, 0.9, 57.0536]],
  ['llm_inference', { gpu_type: 'A100-80GB-SXM', gpu_memory_gb: 80, price_per_hour: 1.5, reliability_score: 0.99 }, {"model_size": "7b"}, [0.5, 0.5, 1, 0.99, 67.25]],
  ['llm_inference', { gpu_type: 'H100-SXM', gpu_memory_gb: 80, price_per_hour: 2.49, reliability_score: 0.99 }, {"model_size": "7b"}, [0.5165, 0.6394, 1, 0.99, 71.396]],
  ['image_generation', { gpu_type: 'RTX-4090', gpu_memory_gb: 24, price_per_hour: 0.4, reliability_score: 0.9 }, {"model_name": "sdxl"}, [0.7545, 0.4504, 1, 0.9, 71.9817]],
  ['image_generation', { gpu_type: 'L40S', gpu_memory_gb: 48, price_per_hour: 0.86, reliability_score: 0.95 }, {"model_name": "sdxl"}, [0.5864, 0.4483, 1, 0.95, 64.5267]],
  ['image_generation', { gpu_type: 'H100-SXM', gpu_memory_gb: 80, price_per_hour: 2.49, reliability_score: 0.99 }, {"model_name": "sdxl"}, [0.5402, 0.6611, 1, 0.99, 68.3376]],
  ['training', { gpu_type: 'A100-80GB-SXM', gpu_memory_gb: 80, price_per_hour: 1.5, reliability_score: 0.99 }, {"model_size": 1.5}, [0.5, 0.5, 1, 0.99, 67.25]],
  ['training', { gpu_type: 'H100-SXM', gpu_memory_gb: 80, price_per_hour: 2.49, reliability_score: 0.99 }, {"model_size": 1.5}, [0.5804, 0.6967, 1, 0.99, 75.3842]],
  ['training', { gpu_type: 'L40S', gpu_memory_gb: 48, price_per_hour: 0.86, reliability_score: 0.95 }, {"model_size": 1.5}, [0.5498, 0.4118, 1, 0.95, 66.0372]],
  ['fine_tuning', { gpu_type: 'RTX-4090', gpu_memory_gb: 24, price_per_hour: 0.4, reliability_score: 0.9 }, {"model_size": "7b"}, [0.7053, 0.3896, 1, 0.9, 71.0578]],
  ['fine_tuning', { gpu_type: 'A100-80GB-SXM', gpu_memory_gb: 80, price_per_hour: 1.5, reliability_score: 0.99 }, {"model_size": "7b"}, [0.5, 0.5, 1, 0.99, 64.8]],
  ['fine_tuning', { gpu_type: 'H100-SXM', gpu_memory_gb: 80, price_per_hour: 2.49, reliability_score: 0.99 }, {"model_size": "7b"}, [0.5804, 0.6967, 1, 0.99, 72.7554]],
  ['video_processing', { gpu_type: 'RTX-4090', gpu_memory_gb: 24, price_per_hour: 0.4, reliability_score: 0.9 }, {}, [0.7986, 0.514, 1, 0.9, 75.7827]],
  ['video_processing', { gpu_type: 'L40S', gpu_memory_gb: 48, price_per_hour: 0.86, reliability_score: 0.95 }, {}, [0.6693, 0.5371, 1, 0.95, 70.8913]],
  ['video_processing', { gpu_type: 'T4', gpu_memory_gb: 16, price_per_hour: 0.2, reliability_score: 0.9 }, {}, [0.6098, 0.1724, 1, 0.9, 57.7981]],
  ['data_processing', { gpu_type: 'T4', gpu_memory_gb: 16, price_per_hour: 0.2, reliability_score: 0.9 }, {}, [0.7059, 0.2424, 1, 0.9, 68.6426]],
  ['data_processing', { gpu_type: 'A100-80GB-SXM', gpu_memory_gb: 80, price_per_hour: 1.5, reliability_score: 0.99 }, {}, [0.5, 0.5, 1, 0.99, 64.85]],
  ['data_processing', { gpu_type: 'RTX-4090', gpu_memory_gb: 24, price_per_hour: 0.4, reliability_score: 0.9 }, {}, [0.7895, 0.5, 1, 0.9, 77.9737]],
] as const;

export const WORKED_CASES = CASES.map(([kind, offer, profile, expected]) => ({ kind, offer, profile, expected }));
