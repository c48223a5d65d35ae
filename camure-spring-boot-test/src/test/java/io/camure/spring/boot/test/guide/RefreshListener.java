package io.camure.spring.boot.test.guide;

import io.camure.spring.CamureListener;
import io.camure.spring.CoordinatorRegainedEvent;
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

    /** What was sent while there was no session is missed. */
    @EventListener
    void onRegained(CoordinatorRegainedEvent event) {
        caches.refreshAll();
    }
}
