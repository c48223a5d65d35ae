package io.camure.spring.integration;

import io.camure.spring.CamureConfigurationException;
import io.camure.spring.boot.autoconfigure.ElectionEngine;
import io.camure.spring.election.CoordinatorElection;
import java.time.Duration;
import org.springframework.integration.metadata.ConcurrentMetadataStore;
import org.springframework.integration.metadata.SimpleMetadataStore;
import org.springframework.integration.support.locks.DefaultLockRegistry;
import org.springframework.integration.support.locks.LockRegistry;
import org.springframework.integration.support.locks.PassThruLockRegistry;

/** Elects by the lock registry of the application. */
final class LockRegistryEngine implements ElectionEngine {

    private final LockRegistry<?> locks;
    private final ConcurrentMetadataStore store;

    LockRegistryEngine(LockRegistry<?> locks, ConcurrentMetadataStore store) {
        this.locks = locks;
        this.store = store;
    }

    @Override
    public String name() {
        return "lock-registry";
    }

    @Override
    public CoordinatorElection election(String name, Duration lease) {
        if (locks instanceof DefaultLockRegistry || locks instanceof PassThruLockRegistry) {
            throw ofThisProcess(locks);
        } else if (store instanceof SimpleMetadataStore) {
            throw ofThisProcess(store);
        }
        return new LockRegistryElection(name, locks, store, lease);
    }

    private static CamureConfigurationException ofThisProcess(Object bean) {
        return new CamureConfigurationException(
                "The coordinator is to be elected by " + bean.getClass().getSimpleName()
                        + ", which knows only its own process, so that each instance would be elected.",
                "Use one that all instances share, such as JdbcLockRegistry and JdbcMetadataStore.");
    }
}
