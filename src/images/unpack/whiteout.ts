/** The names by which a layer says what lower layers lose. Source: OCI image spec, layer.md "Whiteouts". */

export const whiteoutPrefix = '.wh.';
export const opaqueMarker = '.wh..wh..opq';
/** Names of this form are the private business of aufs, except the opaque marker. */
export const privatePrefix = '.wh..wh.';
