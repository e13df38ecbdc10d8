import { runService } from '@alliance/service-host';
import { registry } from './registry.module';

void runService(registry);
