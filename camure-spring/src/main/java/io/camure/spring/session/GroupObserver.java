package io.camure.spring.session;

/** Is told which groups there are, those of the configuration and those that the application adds and removes. */
public interface GroupObserver {

    /** There is a group; also called for those that were there before the observer. */
    void onAdded(GroupBinding group);

    /** There is no such group any more. */
    void onRemoved(GroupBinding group);
}
