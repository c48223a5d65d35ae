package io.camure.spring.boot.test.guide;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

@Component
class Caches {

    private final Map<String, String> entries = new ConcurrentHashMap<>();

    String get(String cache) {
        return entries.computeIfAbsent(cache, name -> "read from the database");
    }

    void put(String cache, String value) {
        entries.put(cache, value);
    }

    void refresh(String cache) {
        entries.remove(cache);
    }

    void refreshAll() {
        entries.clear();
    }
}
