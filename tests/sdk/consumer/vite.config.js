export default { build: { rollupOptions: { input: "size.html" } } };
