/* Torvet. Vendored parts and their licences: vendor/LICENSES.md */
function n(){}export{n as mount};
