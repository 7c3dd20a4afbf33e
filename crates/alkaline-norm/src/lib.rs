//! Expression filter, library-size factors, CPM, FPKM and TPM.
