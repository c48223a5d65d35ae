package io.camure.spring.boot.test.guide;

import io.camure.spring.CamureListener;
import io.camure.spring.CoordinatorRegainedEvent;
import io.camure.spring.GroupRegainedEvent;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

@Component
@Profile("member")
class RefreshListener {

    private final Caches caches;

    RefreshListener(Caches caches) {
        this.caches = caches;
    }

    @CamureListener(group = "refresh")
    void onRefresh(Refresh refresh) {
        caches.refresh(refresh.cache());
    }

    /** What was sent while this node was out is missed. */
    @EventListener({CoordinatorRegainedEvent.class, GroupRegainedEvent.class})
    void onRegained() {
        caches.refreshAll();
    }
}
