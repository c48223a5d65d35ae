package io.camure.protocol.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A table by id finds what a map would find, in the order in which it came. */
class IdTableTest {

    private final IdTable<String> table = new IdTable<>();

    @ParameterizedTest
    @ValueSource(ints = {4, 40, 1000, 65536})
    void agreesWithAMap(int ids) {
        SplittableRandom random = new SplittableRandom(ids);
        Map<Integer, String> model = new HashMap<>();
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            int id = random.nextInt(ids);
            order.remove(model.get(id));
            if (random.nextInt(3) == 0) {
                table.remove(id);
                model.remove(id);
            } else {
                table.put(id, "value " + i);
                model.put(id, "value " + i);
                order.add("value " + i);
            }
            int other = random.nextInt(ids);
            assertThat(table.find(other)).isEqualTo(model.get(other));
            assertThat(table.find(id)).isEqualTo(model.get(id));
        }
        assertThat(table.all()).isEqualTo(order);
        for (int id = 0; id < ids; id++) {
            assertThat(table.find(id)).isEqualTo(model.get(id));
        }
    }

    @Test
    void holdsEveryIdThereIs() {
        for (int id = 0; id < 65536; id++) {
            table.put(id, "value " + id);
        }

        assertThat(table.find(0)).isEqualTo("value 0");
        assertThat(table.find(65535)).isEqualTo("value 65535");
        assertThat(table.find(-1)).isNull();
        assertThat(table.all()).hasSize(65536);
    }
}
