/**
 * The readings of one pod: its network, which its containers share. Pure. The loopback is left out, as cAdvisor does: sums
 * over the interfaces are what leaves and enters the pod.
 */
import type { InterfaceCounters } from '../../kernel/figures/net-dev.ts';
import type { Reading } from './metric-table.ts';

export function podReadings(interfaces: readonly InterfaceCounters[]): readonly Reading[] {
  return interfaces.filter(({ name }) => name !== 'lo').flatMap(interfaceReadings);
}

function interfaceReadings(counters: InterfaceCounters): readonly Reading[] {
  const labels = [counters.name];
  return [
    { name: 'container_network_receive_bytes_total', value: counters.rxBytes, labels },
    { name: 'container_network_receive_packets_total', value: counters.rxPackets, labels },
    { name: 'container_network_receive_packets_dropped_total', value: counters.rxDropped, labels },
    { name: 'container_network_receive_errors_total', value: counters.rxErrors, labels },
    { name: 'container_network_transmit_bytes_total', value: counters.txBytes, labels },
    { name: 'container_network_transmit_packets_total', value: counters.txPackets, labels },
    { name: 'container_network_transmit_packets_dropped_total', value: counters.txDropped, labels },
    { name: 'container_network_transmit_errors_total', value: counters.txErrors, labels },
  ];
}
