package io.camure.protocol.group;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Groups by their id. A look-up allocates nothing, which a map from {@code Integer} does not promise; ids in use are
 * mostly few and low.
 */
public final class GroupTable<G> {

    private static final int PAGE_BITS = 8;
    private static final int PAGE_SIZE = 1 << PAGE_BITS;

    private final @Nullable Object[][] pages = new Object[PAGE_SIZE][];
    private final List<G> all = new ArrayList<>();

    @Nullable
    public G find(int id) {
        @Nullable Object[] page = pages[id >> PAGE_BITS];
        if (page == null) {
            return null;
        }
        @SuppressWarnings("unchecked") // Only put writes into pages.
        G group = (G) page[id & PAGE_SIZE - 1];
        return group;
    }

    /** Puts a group in the place of the one that had the id, if there was one. */
    public void put(int id, G group) {
        remove(id);
        @Nullable Object[] page = pages[id >> PAGE_BITS];
        if (page == null) {
            page = new Object[PAGE_SIZE];
            pages[id >> PAGE_BITS] = page;
        }
        page[id & PAGE_SIZE - 1] = group;
        all.add(group);
    }

    public void remove(int id) {
        G known = find(id);
        @Nullable Object[] page = pages[id >> PAGE_BITS];
        if (known != null && page != null) {
            page[id & PAGE_SIZE - 1] = null;
            all.remove(known);
        }
    }

    /** In the order in which they came, for a loop by index, which needs no iterator. */
    public List<G> all() {
        return all;
    }
}
