//! Store access of the actor tree: `Crm` for batches, a handle for everything else.

use std::sync::Arc;

use actix::prelude::*;
use tokio::runtime::Handle;

use crate::actors::runtime::supervised::Supervised;
use crate::actors::store::crm::Crm;
use crate::actors::store::store_handle::{Bulkhead, StoreHandle};
use crate::crm::port::Store;

pub struct StoreHandles {
    pub crm: Addr<Supervised<Crm>>,
    pub store: Store,
    bulkhead: Bulkhead,
}

impl StoreHandles {
    /// Calls through its handles run on the current runtime.
    pub fn new(crm: Addr<Supervised<Crm>>, store: Store) -> Self {
        Self { crm, store, bulkhead: Bulkhead::new(Handle::current()) }
    }

    /// A handle to one aggregate.
    pub fn handle<S: ?Sized>(&self, aggregate: fn(&Store) -> &Arc<S>) -> StoreHandle<S> {
        self.bulkhead.handle(aggregate(&self.store))
    }
}
