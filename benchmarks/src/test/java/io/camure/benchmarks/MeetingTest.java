package io.camure.benchmarks;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camure.benchmarks.Contender.Meeting;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is wrong in a round is no measurement. */
class MeetingTest {

    /** The second node of three. */
    private final Place place = place(1);

    private static Place place(int index) {
        try {
            return Place.parse(
                    Integer.toString(index), "20000", "239.255.75.1", "127.0.0.1,127.0.0.1,127.0.0.1", "nowhere");
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Adds what the nodes before and after this one give to what this one does. */
    private Meeting summing(long wrong) {
        return new SumMeeting(place) {
            @Override
            protected long sum(long number) {
                return number / 2 + number + number * 3 / 2 + wrong;
            }

            @Override
            public void close() {}
        };
    }

    private interface Values {
        void change(List<byte[]> values);
    }

    private Meeting gathering(Values values) {
        return new GatherMeeting(place) {
            @Override
            protected List<byte[]> exchange(byte[] bytes) {
                List<byte[]> all = new ArrayList<>();
                for (int difference = -1; difference <= 1; difference++) {
                    byte[] own = bytes.clone();
                    own[Long.BYTES - 1] += (byte) difference;
                    all.add(own);
                }
                values.change(all);
                return all;
            }

            @Override
            public void close() {}
        };
    }

    @Test
    void sumsAreChecked() {
        Meeting right = summing(0);
        assertThatCode(() -> {
                    right.await();
                    right.await();
                })
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> summing(1).await()).hasMessage("the sum of round 1 is 7 instead of 6");
    }

    @Test
    void gatheredValuesAreChecked() {
        Meeting right = gathering(values -> {});
        right.carry(100);
        assertThatCode(() -> {
                    right.await();
                    right.await();
                })
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> gathering(values -> values.remove(1)).await()).hasMessageContaining("round 1");
        assertThatThrownBy(
                        () -> gathering(values -> values.set(2, values.get(1))).await())
                .hasMessageContaining("other values");
        assertThatThrownBy(() -> gathering(values -> values.set(2, new byte[9])).await())
                .hasMessageContaining("9 bytes instead of 8");
    }
}
