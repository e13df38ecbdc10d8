import { runService } from '@alliance/service-host';
import { capacityMatching } from './capacity-matching.module';

void runService(capacityMatching);
