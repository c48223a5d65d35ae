package io.camure.protocol.base;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Things by an id of 16 bits, such as groups or the members of one. A look-up allocates nothing, which a map from
 * {@code Integer} does not promise, and there are only pages for ids near those in use.
 */
public final class IdTable<T> {

    private static final int PAGE_BITS = 5;
    private static final int PAGE_SIZE = 1 << PAGE_BITS;

    private final List<T> all = new ArrayList<>();
    private @Nullable Object[][] pages = new Object[1][];

    public @Nullable T find(int id) {
        int number = id >>> PAGE_BITS;
        if (number >= pages.length) {
            return null;
        }
        @Nullable Object[] page = pages[number];
        @SuppressWarnings("unchecked") // Only put writes into pages.
        T found = page == null ? null : (T) page[id & PAGE_SIZE - 1];
        return found;
    }

    /** Puts something in the place of what had the id, if anything had. */
    public void put(int id, T value) {
        remove(id);
        int number = id >>> PAGE_BITS;
        if (number >= pages.length) {
            pages = Arrays.copyOf(pages, 2 * Integer.highestOneBit(number));
        }
        @Nullable Object[] page = pages[number];
        if (page == null) {
            page = new Object[PAGE_SIZE];
            pages[number] = page;
        }
        page[id & PAGE_SIZE - 1] = value;
        all.add(value);
    }

    public void remove(int id) {
        T removed = find(id);
        if (removed == null) {
            return;
        }
        all.remove(removed);
        @Nullable Object[] page = Objects.requireNonNull(pages[id >>> PAGE_BITS]);
        page[id & PAGE_SIZE - 1] = null;
        if (Arrays.stream(page).allMatch(Objects::isNull)) {
            pages[id >>> PAGE_BITS] = null;
        }
    }

    /** In the order in which they came, for a loop by index, which needs no iterator. */
    public List<T> all() {
        return all;
    }
}
