import { read, write } from './storage';

/** A ticket that was opened or viewed on this device. */
export interface MyTicket {
  id: string;
  number: string;
  subject: string;
  seen: string;
}

const KEY = 'tickets';
const MAX = 50;

export function myTickets(): MyTicket[] {
  const list = read<MyTicket[]>(KEY);
  return Array.isArray(list) ? list : [];
}

export function remember(ticket: MyTicket): void {
  const others = myTickets().filter((other) => other.id !== ticket.id);
  write(KEY, [ticket, ...others].slice(0, MAX));
}

export function forget(id: string): void {
  write(KEY, myTickets().filter((ticket) => ticket.id !== id));
  write(`draft.${id}`, null);
}

export function forgetAll(): void {
  for (const ticket of myTickets()) write(`draft.${ticket.id}`, null);
  write(KEY, null);
}
