package io.camure.simulation;

import io.camure.Headers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Each membership gets each message once, whole and in order, and none that was given up: a member misses messages only
 * where it was out of the group, and gets none from before it was there.
 */
final class MessagesOnceInOrder implements Invariant {

    /** For the life, the number and the length. */
    static final int LEAST_BYTES = 2 * Integer.BYTES + Long.BYTES;

    private final World world;

    /** The incarnations of the coordinator, in order. */
    private final List<Long> lives = new ArrayList<>();

    private final Map<Long, List<Sent>> sent = new HashMap<>();
    private final Map<MemberSite, Got> got = new HashMap<>();
    private String violation;

    private enum State {
        BEGUN,
        SENT,
        GIVEN_UP
    }

    private static final class Sent {

        private State state = State.BEGUN;
        private long endedNanos = Long.MAX_VALUE;
    }

    /** What one life of a member has got. */
    private static final class Got {

        private int life = -1;
        private int number;
        private int gaps;
    }

    MessagesOnceInOrder(World world) {
        this.world = world;
    }

    void beginLife(long life) {
        lives.add(life);
        sent.put(life, new ArrayList<>());
    }

    /** @return its number, from 1 */
    int begin(long life) {
        List<Sent> ofLife = sent.get(life);
        ofLife.add(new Sent());
        return ofLife.size();
    }

    void end(long life, int number, boolean whole) {
        Sent ended = sent.get(life).get(number - 1);
        ended.state = whole ? State.SENT : State.GIVEN_UP;
        ended.endedNanos = world.nowNanos();
    }

    /** The last that was begun, or 0. */
    int lastBegun(long life) {
        return sent.get(life).size();
    }

    /** The last that was sent whole, or 0. */
    int lastSent(long life) {
        List<Sent> ofLife = sent.get(life);
        int number = ofLife.size();
        while (number > 0 && ofLife.get(number - 1).state != State.SENT) {
            number--;
        }
        return number;
    }

    int lastGot(MemberSite site, long life) {
        Got last = got.get(site);
        return last == null || last.life != lives.indexOf(life) ? 0 : last.number;
    }

    static byte[] content(long life, int number, int bytes) {
        ByteBuffer content =
                ByteBuffer.allocate(bytes).putLong(life).putInt(number).putInt(bytes);
        while (content.hasRemaining()) {
            content.put((byte) (content.position() * 31 + number));
        }
        return content.array();
    }

    /** None, a few, or more than fit into one chunk. */
    static Headers headers(int number) {
        return switch (number % 4) {
            case 0 -> Headers.NONE;
            case 1 -> Headers.builder().type("news").key(String.valueOf(number)).build();
            case 2 -> Headers.of("number", String.valueOf(number));
            default ->
                Headers.builder().header("long", new byte[100 * (number % 37)]).build();
        };
    }

    void onMessage(MemberSite site, Headers headers, byte[] content) {
        if (content.length < LEAST_BYTES) {
            violate(site + " got a message of " + content.length + " bytes, which nobody has sent");
            return;
        }
        ByteBuffer header = ByteBuffer.wrap(content);
        long life = header.getLong();
        int number = header.getInt();
        world.trace().say(site, "got message " + number);
        if (!Arrays.equals(content, content(life, number, content.length)) || header.getInt() != content.length) {
            violate(site + " got message " + number + " otherwise than it was sent");
        } else if (!headers.equals(headers(number))) {
            violate(site + " got message " + number + " with the headers " + headers + " in place of "
                    + headers(number));
        } else {
            check(site, lives.indexOf(life), number);
        }
    }

    private void check(MemberSite site, int life, int number) {
        Got last = got.computeIfAbsent(site, absent -> new Got());
        List<Sent> ofLife = sent.get(lives.get(life));
        String what = site + " got message " + number + " of life " + life;
        if (life < last.life || life == last.life && number <= last.number) {
            violate(what + " behind message " + last.number + " of life " + last.life);
        } else if (number > ofLife.size() || ofLife.get(number - 1).state == State.GIVEN_UP) {
            violate(what + ", which was not sent whole");
        } else if (ofLife.get(number - 1).endedNanos < site.startNanos()) {
            violate(what + ", which was sent before it was there");
        }
        if (life == last.life) {
            for (int missed = last.number + 1; missed < number; missed++) {
                if (ofLife.get(missed - 1).state == State.SENT) {
                    last.gaps++;
                    break;
                }
            }
        }
        last.life = life;
        last.number = number;
    }

    private void violate(String how) {
        if (violation == null) {
            violation = how;
        }
    }

    @Override
    public String violation(long nowNanos) {
        return violation;
    }

    @Override
    public String violationAtEnd() {
        for (Map.Entry<MemberSite, Got> each : got.entrySet()) {
            MemberSite site = each.getKey();
            int gaps = each.getValue().gaps;
            if (!site.process().isDead() && gaps > site.losses(BroadcastWorkload.ID)) {
                return site + " has missed messages at " + gaps + " places, but was told of "
                        + site.losses(BroadcastWorkload.ID) + " losses";
            }
        }
        return null;
    }
}
