package io.camure.spring.boot.test.guide;

import io.camure.Delivery;
import io.camure.spring.CamureTemplate;
import java.util.concurrent.CompletableFuture;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

@Component
@Profile("coordinator")
class CacheRefresher {

    private final CamureTemplate camure;
    private final Caches caches;

    CacheRefresher(CamureTemplate camure, Caches caches) {
        this.camure = camure;
        this.caches = caches;
    }

    /** Completes when all instances know. */
    CompletableFuture<Delivery> refresh(String cache) {
        caches.refresh(cache);
        return camure.send("refresh", new Refresh(cache));
    }
}
