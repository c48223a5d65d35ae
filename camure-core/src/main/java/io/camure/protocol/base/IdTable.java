package io.camure.protocol.base;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Things by an id, such as groups or the members of one. A look-up allocates nothing, which a map from {@code Integer} does not
 * promise: open addressing with linear probing.
 */
public final class IdTable<T> {

    /** The golden ratio in 32 bits, which spreads ids that follow one another (Knuth, volume 3, section 6.4). */
    private static final int SPREAD = 0x9E3779B9;

    private static final int INITIAL_PLACES = 8;

    private final List<T> all = new ArrayList<>();
    private int[] ids = new int[INITIAL_PLACES];
    private @Nullable Object[] values = new Object[INITIAL_PLACES];

    public @Nullable T find(int id) {
        @SuppressWarnings("unchecked") // Only put writes values.
        T found = (T) values[placeOf(id)];
        return found;
    }

    /** Where an id is, or the free place where it would be. */
    private int placeOf(int id) {
        int place = home(id);
        while (values[place] != null && ids[place] != id) {
            place = next(place);
        }
        return place;
    }

    private int home(int id) {
        return id * SPREAD >>> Integer.numberOfLeadingZeros(values.length - 1);
    }

    private int next(int place) {
        return place + 1 & values.length - 1;
    }

    /** Puts something in the place of what had the id, if anything had. */
    public void put(int id, T value) {
        remove(id);
        if (2 * (all.size() + 1) > values.length) {
            grow();
        }
        set(id, value);
        all.add(value);
    }

    private void set(int id, Object value) {
        int place = placeOf(id);
        ids[place] = id;
        values[place] = value;
    }

    private void grow() {
        int[] oldIds = ids;
        @Nullable Object[] oldValues = values;
        ids = new int[2 * oldIds.length];
        values = new Object[ids.length];
        for (int i = 0; i < oldIds.length; i++) {
            Object value = oldValues[i];
            if (value != null) {
                set(oldIds[i], value);
            }
        }
    }

    public void remove(int id) {
        int place = placeOf(id);
        Object removed = values[place];
        if (removed == null) {
            return;
        }
        all.removeIf(value -> value == removed);
        values[place] = null;
        // Whoever had to go further because of it is put anew.
        for (int i = next(place); values[i] != null; i = next(i)) {
            Object moved = values[i];
            values[i] = null;
            set(ids[i], moved);
        }
    }

    /** In the order in which they came, for a loop by index, which needs no iterator. */
    public List<T> all() {
        return all;
    }
}
